//! A plain explanation in the units that a shorter one keeps or leaves out: sentences, and names of papers.

use super::piece::{Kind, ONE_OF, Piece, pieces};

/// The fewest words that tell which paper is meant: «Βεβαίωση» alone does not.
const TELLING: usize = 2;

/// What a unit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// A sentence, kept word for word.
    Sentence,
    /// What stands above a list of papers: «Θα χρειαστείτε:».
    Header,
    /// A paper that is needed.
    Paper,
    /// A paper of which any one is enough.
    Alternative,
}

/// A run of words that is kept whole, or left out whole where that is allowed.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub pieces: Vec<Piece>,
    pub may_go: bool,
}

/// A sentence or the name of a paper.
#[derive(Debug, Clone)]
pub(super) struct Unit {
    pub shape: Shape,
    pub parts: Vec<Part>,
    /// It may be left out as a whole.
    pub may_go: bool,
}

impl Unit {
    fn new(shape: Shape, text: &str, may_go: bool) -> Self {
        let pieces = pieces(text);
        let may_go = match shape {
            Shape::Sentence => may_go && !decides(&pieces) && !is_case(&pieces),
            Shape::Header => !pieces.iter().any(|piece| matters(piece) && piece.kind != Kind::Need),
            Shape::Paper | Shape::Alternative => false,
        };
        Self { shape, parts: parts(pieces, shape), may_go }
    }

    pub fn pieces(&self) -> impl Iterator<Item = &Piece> {
        self.parts.iter().flat_map(|part| &part.pieces)
    }

    /// Whether it leaves a choice.
    pub fn has_choice(&self) -> bool {
        self.pieces().any(|piece| piece.kind == Kind::Choice)
    }

    /// Whether it says that one of the papers below it is enough.
    pub fn opens_choice(&self) -> bool {
        self.shape == Shape::Header && self.pieces().any(|piece| piece.form == ONE_OF)
    }

    /// Whether it holds for some only.
    pub fn is_bound(&self) -> bool {
        self.pieces().any(|piece| matches!(piece.kind, Kind::Not | Kind::If | Kind::May))
    }

    pub fn is_paper(&self) -> bool {
        matches!(self.shape, Shape::Paper | Shape::Alternative)
    }

    /// What is said in every case.
    pub fn core(&self) -> impl Iterator<Item = &Piece> {
        self.parts.iter().filter(|part| !part.may_go).flat_map(|part| &part.pieces)
    }
}

/// The units of a plain explanation, in order.
pub(super) fn units(plain: &str) -> Vec<Unit> {
    let lines: Vec<&str> = plain.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let mut found: Vec<Unit> = Vec::new();
    let mut listed = Shape::Paper;
    for (at, line) in lines.iter().enumerate() {
        let above_a_list = line.ends_with(':') && lines.get(at + 1).is_some_and(|next| next.starts_with('•'));
        if let Some(name) = line.strip_prefix('•') {
            found.push(Unit::new(listed, name, false));
        } else if above_a_list {
            let header = Unit::new(Shape::Header, line, true);
            listed = if header.opens_choice() { Shape::Alternative } else { Shape::Paper };
            found.push(header);
        } else {
            found.extend(
                sentences(line).into_iter().enumerate().map(|(n, text)| Unit::new(Shape::Sentence, text, n > 0)),
            );
        }
    }
    keep_apart(&mut found);
    found
}

/// Papers that only what may go tells apart keep all of it.
fn keep_apart(units: &mut [Unit]) {
    let cores: Vec<Vec<String>> =
        units.iter().map(|unit| unit.core().map(|piece| piece.form.clone()).collect()).collect();
    for (at, unit) in units.iter_mut().enumerate() {
        let is_alone = cores.iter().enumerate().all(|(other, core)| other == at || *core != cores[at]);
        if unit.is_paper() && !is_alone {
            unit.parts.iter_mut().for_each(|part| part.may_go = false);
        }
    }
}

/// The sentences of a line. A full stop after a short word belongs to an abbreviation: «άρθρο 8 του ν. 1599».
fn sentences(line: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut begin = 0;
    for (at, sign) in line.char_indices().filter(|(_, c)| matches!(c, '.' | '!' | '·' | '\u{387}' | '…' | ';')) {
        let end = at + sign.len_utf8();
        let last = line[begin..at].rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        let short = sign == '.' && last.chars().count() < 3 && !last.chars().any(|c| c.is_ascii_digit());
        if line[end..].starts_with(' ') && !short {
            found.push(line[begin..end].trim());
            begin = end;
        }
    }
    found.push(line[begin..].trim());
    found.retain(|sentence| !sentence.is_empty());
    found
}

/// Whether a piece turns what is said round, or is a fact that a citizen acts on.
fn matters(piece: &Piece) -> bool {
    !matches!(piece.kind, Kind::Word | Kind::Article | Kind::Cause | Kind::Law)
}

/// Whether words say something that may not be lost. A number of a paragraph of the law may.
fn decides(pieces: &[Piece]) -> bool {
    decides_beside(pieces, &[])
}

/// The same where words of these kinds decide nothing.
fn decides_beside(pieces: &[Piece], idle: &[Kind]) -> bool {
    let is_law = is_law(pieces);
    let counts = |at: usize| pieces.get(at + 1).is_some_and(|next| is_measure(&next.form));
    let decides = |(at, piece): (usize, &Piece)| match piece.kind {
        Kind::Number => !is_law || counts(at),
        // «του τελευταίου μήνα»
        Kind::Word => is_time(&piece.form),
        kind => matters(piece) && !idle.contains(&kind),
    };
    pieces.iter().enumerate().any(decides)
}

/// Whether words say for whom or for what something holds: «για ανηλίκους».
fn is_case(pieces: &[Piece]) -> bool {
    pieces.first().is_some_and(|piece| piece.form == "για")
}

/// Whether a word is one that a number of papers, of euros or of days goes with.
fn is_measure(form: &str) -> bool {
    is_time(form) || ["ευρ", "αντιγρ", "φωτογρ", "τοισ"].iter().any(|begin| form.starts_with(begin))
}

/// Whether a word measures time.
fn is_time(form: &str) -> bool {
    let whole = ["ετοσ", "ετη", "ετων", "ετουσ", "ωρα", "ωρασ", "ωρεσ", "ωρων", "λεπτο", "λεπτα", "λεπτων"];
    let begins = ["ημερ", "εργασιμ", "μηνα", "μηνεσ", "μηνων", "χρον", "εβδομ"];
    whole.contains(&form) || begins.iter().any(|begin| form.starts_with(begin))
}

/// What stays and what may go.
fn parts(pieces: Vec<Piece>, shape: Shape) -> Vec<Part> {
    let parts = match shape {
        Shape::Sentence => parts_of_sentence(pieces),
        Shape::Header => vec![Part { pieces, may_go: false }],
        Shape::Paper | Shape::Alternative => parts_of_paper(pieces),
    };
    // A unit never goes by its parts.
    let all_may_go = parts.iter().all(|part| part.may_go);
    parts.into_iter().map(|part| Part { may_go: part.may_go && !all_may_go, ..part }).collect()
}

/// Runs of pieces outside and inside each of the brackets.
fn runs(pieces: Vec<Piece>) -> Vec<Vec<Piece>> {
    let mut found: Vec<Vec<Piece>> = Vec::new();
    for piece in pieces {
        match found.last_mut() {
            Some(run) if run[0].bracket == piece.bracket => run.push(piece),
            _ => found.push(vec![piece]),
        }
    }
    found
}

/// Of a sentence what stands in brackets may go, and a reason, to the end.
fn parts_of_sentence(mut pieces: Vec<Piece>) -> Vec<Part> {
    let cause = pieces.iter().position(|piece| piece.kind == Kind::Cause && piece.bracket == 0);
    // What must be, as a reason, is not asked of the citizen.
    let may_go = |cause: &usize| !decides_beside(&pieces[*cause..], &[Kind::Need, Kind::May]);
    let reason = cause.filter(may_go).map(|cause| pieces.split_off(cause));
    // Brackets in a sentence that decides may say of whom it does.
    let bound = decides(&pieces);
    let part = |pieces: Vec<Piece>| {
        let may_go = pieces[0].bracket > 0 && !decides(&pieces) && !is_case(&pieces) && (is_law(&pieces) || !bound);
        Part { pieces, may_go }
    };
    let reason = reason.map(|pieces| Part { pieces, may_go: true });
    runs(pieces).into_iter().map(part).chain(reason).collect()
}

/// Of a paper may go: brackets that only say its name again, name a paragraph of the law, or tell how it is issued; its name,
/// where the brackets say it and more («Βεβαίωση (Βεβαίωση του δήμου)»); what tells of it at its end («στην οποία …»).
fn parts_of_paper(pieces: Vec<Piece>) -> Vec<Part> {
    let name: Vec<Piece> = pieces.iter().filter(|piece| piece.bracket == 0).cloned().collect();
    let mut found: Vec<Part> = Vec::new();
    for pieces in runs(pieces) {
        let is_more = pieces[0].bracket > 0;
        let idle = says_no_more(&pieces, &name) || pieces[0].kind == Kind::Law || tells_of_issuing(&pieces);
        let may_go = is_more && idle && !decides(&pieces);
        found.push(Part { pieces, may_go });
    }
    if let [Part { pieces: name, .. }, Part { pieces: more, may_go: false }] = &found[..] {
        found[0].may_go = says_no_more(name, more) && !decides(name) && !tells_of_issuing(more);
    }
    found.into_iter().flat_map(without_tail).collect()
}

/// Whether every word is a form of another's.
fn says_no_more(pieces: &[Piece], other: &[Piece]) -> bool {
    let words = |piece: &&Piece| piece.kind != Kind::Article;
    pieces.iter().filter(words).all(|piece| other.iter().any(|said| piece.says(said, true)))
}

/// «Η διαδικασία αφορά στην έκδοση …», as the registry describes the paper of another procedure.
fn tells_of_issuing(pieces: &[Piece]) -> bool {
    pieces.iter().map(|piece| piece.form.as_str()).take(3).eq(["η", "διαδικασια", "αφορα"])
}

fn is_law(pieces: &[Piece]) -> bool {
    pieces.iter().any(|piece| piece.kind == Kind::Law)
}

/// Parts the end of a name that only tells more of the paper; what is left must still tell which paper it is.
fn without_tail(part: Part) -> Vec<Part> {
    let Part { mut pieces, may_go } = part;
    let words = |pieces: &[Piece]| pieces.iter().filter(|piece| piece.kind == Kind::Word).count();
    match tail(&pieces).filter(|tail| !may_go && words(&pieces[..*tail]) >= TELLING && !decides(&pieces[*tail..])) {
        Some(tail) => {
            let rest = pieces.split_off(tail);
            vec![Part { pieces, may_go }, Part { pieces: rest, may_go: true }]
        }
        None => vec![Part { pieces, may_go }],
    }
}

/// Where «στην οποία …» begins.
fn tail(pieces: &[Piece]) -> Option<usize> {
    let is_relative = |piece: &Piece| piece.form.starts_with("οποι") && !piece.form.contains("δηποτε");
    let at = pieces.iter().position(is_relative)?;
    let small = |piece: &Piece| {
        let forms = ["σε", "στο", "στη", "στην", "στον", "στα", "στισ", "στουσ", "απο", "με", "για"];
        piece.kind == Kind::Article || forms.contains(&piece.form.as_str())
    };
    Some(pieces[..at].iter().rposition(|piece| !small(piece))? + 1)
}
