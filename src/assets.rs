//! Files carried inside the binary: flows, examples, models, the bundled catalogue and procedures, migrations, web files.

use std::borrow::Cow;

use rust_embed::RustEmbed;

macro_rules! embedded {
    ($(#[$doc:meta])* $name:ident, $folder:literal) => {
        $(#[$doc])*
        #[derive(RustEmbed)]
        #[folder = $folder]
        pub struct $name;
    };
}

embedded!(
    /// `dialogs/`: flows and their wording.
    Dialogs, "dialogs/");
embedded!(
    /// `intents/`: examples of each intent, synonyms of entities.
    Intents, "intents/");
embedded!(
    /// `models/`: what was trained here.
    Models, "models/");
embedded!(
    /// `data/catalogue/`: the bundled catalogue, one file an organisation.
    CatalogueFiles, "data/catalogue/");
embedded!(
    /// `data/municipalities/`: the municipalities of the country, one file a region.
    MunicipalityFiles, "data/municipalities/");
embedded!(
    /// `data/procedures/`: the bundled procedures.
    ProcedureFiles, "data/procedures/");
embedded!(
    /// `migrations/`: one folder a database engine.
    Migrations, "migrations/");
embedded!(
    /// `src/channel/web/assets/`: the widget and the demo page.
    Web, "src/channel/web/assets/");

/// The text files of `A` whose path begins with `folder` and ends with `extension`, in the order of their paths.
///
/// # Panics
/// When a carried file is not UTF-8, which the build's own tests would show.
#[must_use]
pub fn texts<A: RustEmbed>(folder: &str, extension: &str) -> Vec<(String, String)> {
    let mut files: Vec<_> = A::iter()
        .filter(|path| path.starts_with(folder) && path.ends_with(extension))
        .filter_map(|path| A::get(&path).map(|file| (path.into_owned(), text_of(file.data))))
        .collect();
    files.sort();
    files
}

fn text_of(bytes: Cow<'static, [u8]>) -> String {
    String::from_utf8(bytes.into_owned()).expect("carried files are UTF-8")
}
