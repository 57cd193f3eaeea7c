#!/usr/bin/env python3
"""Makes frequent_words.tsv: the words of this project's own texts with how often they stand there.

Run in the root of the repository; prints the table. The examples of `intents/` count whole, the wording of `dialogs/` and
the records of `data/` a third. Words that only sound like a much more frequent one are misspelt on purpose and left out.
"""
import collections
import glob
import re
import unicodedata


def fold(word):
    plain = unicodedata.normalize("NFD", word.lower())
    return "".join(c for c in plain if not unicodedata.combining(c)).replace("ς", "σ")


def sound(word):
    for written, heard in [
        ("ου", "U"), ("αι", "ε"), ("ει", "ι"), ("οι", "ι"), ("υι", "ι"), ("η", "ι"), ("υ", "ι"), ("ω", "ο"),
    ]:
        word = word.replace(written, heard)
    return re.sub(r"(.)\1", r"\1", word)


def main():
    counts = collections.Counter()
    for pattern, weight in [("intents/*.yaml", 1), ("dialogs/**/*.yaml", 0.3), ("data/**/*.*", 0.3)]:
        for path in sorted(glob.glob(pattern, recursive=True)):
            with open(path, encoding="utf8") as file:
                for word in re.findall(r"[Α-Ωα-ωΆ-ώΐΰϊϋ]+", file.read()):
                    counts[fold(word)] += weight
    most = collections.defaultdict(float)
    for word, count in counts.items():
        most[sound(word)] = max(most[sound(word)], count)
    print("# folded word\thow often it stands in the texts of this project; frequent_words.py makes this table")
    for word, count in sorted(counts.items(), key=lambda entry: (-entry[1], entry[0])):
        if len(word) > 1 and count >= 2 and count * 12 >= most[sound(word)]:
            print(f"{word}\t{round(count)}")


main()
