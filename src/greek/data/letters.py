#!/usr/bin/env python3
"""Makes letters.bin, the letter model with which Greeklish is read.

Input: words of Greek, one "word<TAB>count" a line, on standard input. Output: 25^4 bytes on standard output; the byte at
((a*25+b)*25+c)*25+d is 16 * -ln p(d | a b c), where 0 is the edge of a word and 1..24 are the letters of the alphabet,
folded. Interpolated Witten-Bell estimates, so that every byte is a usable cost.
"""
import collections
import math
import sys
import unicodedata

ALPHABET = "\0αβγδεζηθικλμνξοπρστυφχψω"


def fold(word):
    plain = unicodedata.normalize("NFD", word.lower())
    return "".join(c for c in plain if not unicodedata.combining(c)).replace("ς", "σ")


def main():
    counts = [collections.Counter() for _ in range(4)]
    for line in sys.stdin:
        word, count = line.rstrip("\n").split("\t")
        word = fold(word)
        if not word or any(c not in ALPHABET for c in word):
            continue
        ids = [0, 0, 0] + [ALPHABET.index(c) for c in word] + [0]
        for i in range(3, len(ids)):
            for order in range(4):
                counts[order][tuple(ids[i - order : i + 1])] += float(count)
    totals, kinds = collections.Counter(), collections.Counter()
    for order in range(4):
        for gram, count in counts[order].items():
            totals[gram[:-1]] += count
            kinds[gram[:-1]] += 1
    table = bytearray()
    memo = {}

    def p(gram):
        if gram not in memo:
            context = gram[:-1]
            lower = p(gram[1:]) if context else 1 / 25
            weight = 5.0 * kinds[context]
            total = totals[context]
            memo[gram] = (counts[len(context)][gram] + weight * lower) / (total + weight) if total else lower
        return memo[gram]

    for a in range(25):
        for b in range(25):
            for c in range(25):
                for d in range(25):
                    table.append(min(255, round(-16 * math.log(p((a, b, c, d))))))
    sys.stdout.buffer.write(bytes(table))


main()
