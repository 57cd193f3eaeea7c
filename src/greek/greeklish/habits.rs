//! What people mean by each Latin letter and group of letters.

/// The Greek letters, by the number that the letter model gives them.
const ALPHABET: [char; 25] = [
    ' ', 'α', 'β', 'γ', 'δ', 'ε', 'ζ', 'η', 'θ', 'ι', 'κ', 'λ', 'μ', 'ν', 'ξ', 'ο', 'π', 'ρ', 'σ', 'τ', 'υ', 'φ', 'χ',
    'ψ', 'ω',
];

const A: u8 = 1;
const B: u8 = 2;
const G: u8 = 3;
const D: u8 = 4;
const E: u8 = 5;
const Z: u8 = 6;
const ITA: u8 = 7;
const TH: u8 = 8;
const I: u8 = 9;
const K: u8 = 10;
const L: u8 = 11;
const M: u8 = 12;
const N: u8 = 13;
const KS: u8 = 14;
const O: u8 = 15;
const P: u8 = 16;
const R: u8 = 17;
const S: u8 = 18;
const T: u8 = 19;
const Y: u8 = 20;
const F: u8 = 21;
const X: u8 = 22;
const PS: u8 = 23;
const W: u8 = 24;

/// Greek letters and what it costs to mean them.
type Meaning = (&'static [u8], u32);

/// The letter with this number.
pub(super) fn letter(number: u8) -> char {
    ALPHABET[usize::from(number) % ALPHABET.len()]
}

/// Calls `each` with every reading of what `word` goes on with from `at`: Greek letters, how many bytes they read, their
/// cost.
pub(super) fn readings(word: &[u8], at: usize, mut each: impl FnMut(&'static [u8], usize, u32)) {
    let rest = &word[at..];
    let next = rest.get(1).copied().unwrap_or(b' ');
    // Nobody writes αυ, ευ or ου with an i.
    let after_vowel = at > 0 && matches!(word[at - 1], b'a' | b'e' | b'o');
    let is_possible = |letters: &[u8]| !(after_vowel && rest[0] == b'i' && letters == [Y]);
    for (letters, cost) in pair(rest[0], next) {
        each(letters, 2, *cost);
    }
    if rest[0] == next {
        // A doubled letter where Greek has one, or lengthened («wraiaaaa»).
        for (letters, cost) in single(rest[0]) {
            each(letters, 2, *cost + 40);
        }
    }
    for (letters, cost) in single(rest[0]).iter().filter(|(letters, _)| is_possible(letters)) {
        each(letters, 1, *cost);
    }
}

fn pair(first: u8, second: u8) -> &'static [Meaning] {
    match (first, second) {
        (b't', b'h') => &[(&[TH], 4)],
        (b'c', b'h') => &[(&[X], 2)],
        (b'p', b's') => &[(&[PS], 4)],
        (b'k', b's') => &[(&[KS], 4)],
        (b'p', b'h') => &[(&[F], 6)],
        (b'k', b'h') => &[(&[X], 12)],
        (b'g', b'h') => &[(&[G], 12)],
        (b'd', b'h') => &[(&[D], 14)],
        (b'o', b'u') => &[(&[O, Y], 0)],
        (b'm', b'b') => &[(&[M, P], 6)],
        (b'n', b'd') => &[(&[N, T], 6)],
        (b'n', b'g') => &[(&[G, G], 8), (&[G, K], 14)],
        (b'n', b'k') => &[(&[G, K], 16)],
        (b'n', b'x') => &[(&[G, X], 12)],
        (b'c', b'k') => &[(&[K], 10)],
        (b'c', b'c') => &[(&[K, K], 14)],
        (b'a', b'f') | (b'a', b'v') | (b'a', b'b') => &[(&[A, Y], 10)],
        (b'e', b'f') | (b'e', b'v') | (b'e', b'b') => &[(&[E, Y], 10)],
        (b'i', b'a') => &[(&[I, A], 0)],
        _ => &[],
    }
}

fn single(letter: u8) -> &'static [Meaning] {
    match letter {
        b'a' => &[(&[A], 0)],
        b'b' => &[(&[B], 8), (&[M, P], 22), (&[B, B], 44)],
        b'c' => &[(&[K], 14), (&[S], 34), (&[TH], 60), (&[PS], 60)],
        b'd' => &[(&[D], 0), (&[N, T], 36)],
        b'e' => &[(&[E], 2), (&[A, I], 18)],
        b'f' => &[(&[F], 0)],
        b'g' => &[(&[G], 0), (&[G, K], 30), (&[G, G], 30)],
        b'h' => &[(&[ITA], 6), (&[X], 20)],
        b'i' => &[(&[I], 8), (&[ITA], 16), (&[E, I], 22), (&[O, I], 34), (&[Y], 32)],
        b'j' => &[(&[KS], 14), (&[T, Z], 40), (&[Z], 50), (&[G, I], 60)],
        b'k' => &[(&[K], 0), (&[K, K], 44)],
        b'l' => &[(&[L], 1), (&[L, L], 30)],
        b'm' => &[(&[M], 1), (&[M, M], 36)],
        b'n' => &[(&[N], 1), (&[N, N], 38)],
        b'o' => &[(&[O], 4), (&[W], 24)],
        b'p' => &[(&[P], 1), (&[P, P], 50), (&[R], 70)],
        b'q' => &[(&[TH], 14), (&[K], 30)],
        b'r' => &[(&[R], 1), (&[R, R], 44)],
        b's' => &[(&[S], 1), (&[S, S], 34)],
        b't' => &[(&[T], 1), (&[T, T], 44)],
        b'u' => &[(&[Y], 14), (&[O, Y], 14), (&[TH], 26)],
        b'v' => &[(&[B], 4), (&[B, B], 44), (&[Y], 30), (&[W], 34), (&[N], 70)],
        b'w' => &[(&[W], 1), (&[O], 40)],
        b'x' => &[(&[X], 6), (&[KS], 14)],
        b'y' => &[(&[Y], 4), (&[I], 26), (&[ITA], 34), (&[E, I], 40), (&[G, I], 50), (&[O, I], 44)],
        b'z' => &[(&[Z], 0)],
        b'8' => &[(&[TH], 2)],
        b'3' => &[(&[KS], 6), (&[E], 50)],
        b'4' => &[(&[PS], 20)],
        b'9' => &[(&[TH], 10)],
        b'0' => &[(&[TH], 20), (&[O], 20)],
        b'6' => &[(&[B], 40), (&[KS], 40)],
        _ => &[],
    }
}
