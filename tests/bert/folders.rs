//! What an operator brings: the formats of weights, and what is said of folders that are not right.

use std::io::Write as _;
use std::path::Path;

use ariadni::nlu::bert::folder::{self, Base};
use ariadni::nlu::bert::training::{Settings, fine_tune};
use ariadni::nlu::bert::weights;
use ariadni::nlu::examples::Example;
use tch::nn::VarStore;
use tch::{Kind, Tensor};

use crate::tiny;

const LABELS: [&str; 2] = ["affirm", "ask_cost"];

/// Writes weights as safetensors, under names as they may be and in a kind of number.
fn write_safetensors(path: &Path, weights: &[(String, Tensor)], kind: Kind) {
    let (mut table, mut bytes) = (serde_json::Map::new(), Vec::new());
    table.insert("__metadata__".to_owned(), serde_json::json!({"format": "pt"}));
    for (name, tensor) in weights {
        let tensor = tensor.to_kind(kind).contiguous();
        let start = bytes.len();
        let width = if kind == Kind::Half { 2 } else { 4 };
        let mut of_tensor = vec![0; tensor.numel() * width];
        tensor.copy_data_u8(&mut of_tensor, tensor.numel());
        bytes.extend(of_tensor);
        let kind = if kind == Kind::Half { "F16" } else { "F32" };
        let entry = serde_json::json!({"dtype": kind, "shape": tensor.size(), "data_offsets": [start, bytes.len()]});
        table.insert(name.clone(), entry);
    }
    let table = serde_json::to_vec(&table).expect("JSON");
    let mut file = std::fs::File::create(path).expect("a file");
    file.write_all(&(table.len() as u64).to_le_bytes()).expect("written");
    file.write_all(&table).expect("written");
    file.write_all(&bytes).expect("written");
}

fn sorted(store: &VarStore) -> Vec<(String, Tensor)> {
    let mut weights: Vec<_> = store.variables().into_iter().collect();
    weights.sort_by(|a, b| a.0.cmp(&b.0));
    weights
}

/// How far the weights that are read from a folder are from those that were put in, and whether all are there.
fn distance(folder: &Path, store: &VarStore) -> (f64, usize) {
    let (_, read) = weights::read(folder).expect("weights");
    let far = |(name, tensor): &(String, Tensor)| -> f64 {
        read.get(name).map_or(0.0, |read| f64::from(&(read.to_kind(Kind::Float) - tensor).abs().max()))
    };
    let all = sorted(store);
    (all.iter().map(far).fold(0.0, f64::max), all.iter().filter(|(name, _)| read.contains_key(name)).count())
}

#[test]
fn every_format_and_the_names_of_old_are_read() {
    let here = tempfile::tempdir().expect("a folder");
    let examples = tiny::examples(&LABELS, 10);
    let store = tiny::make(here.path(), &examples);
    // Those of the labels are left where they are.
    let all = store.len() - 2;
    assert_eq!(distance(here.path(), &store), (0.0, all));

    std::fs::remove_file(here.path().join("rust_model.ot")).expect("it was there");
    let path = here.path().join("model.safetensors");
    write_safetensors(&path, &sorted(&store), Kind::Float);
    assert_eq!(distance(here.path(), &store), (0.0, all));

    write_safetensors(&path, &sorted(&store), Kind::Half);
    let (far, count) = distance(here.path(), &store);
    assert!(far < 1e-3 && count == all, "{far}");

    let of_old = |name: &str| {
        let name = name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta");
        name.strip_prefix("bert.").map(str::to_owned).unwrap_or(name)
    };
    let renamed: Vec<_> = sorted(&store).into_iter().map(|(name, tensor)| (of_old(&name), tensor)).collect();
    write_safetensors(&path, &renamed, Kind::Float);
    assert_eq!(distance(here.path(), &store), (0.0, all));
}

/// Writes pytorch_model.bin from model.safetensors, as models are published: an ordered dictionary with its versions.
const PUBLISH: &str = r#"
import collections, json, struct, sys, torch
folder, zipped = sys.argv[1], sys.argv[2] == "zipped"
with open(folder + "/model.safetensors", "rb") as file:
    table = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
    numbers = file.read()
weights = collections.OrderedDict()
weights["bert.embeddings.position_ids"] = torch.arange(48).expand(1, -1)
for name, entry in table.items():
    if name != "__metadata__":
        start, end = entry["data_offsets"]
        weights[name] = torch.frombuffer(bytearray(numbers[start:end]), dtype=torch.float32).reshape(entry["shape"])
weights["cls.predictions.decoder.weight"] = weights["bert.embeddings.word_embeddings.weight"]
weights._metadata = collections.OrderedDict({"": {"version": 1}})
torch.save(weights, folder + "/pytorch_model.bin", _use_new_zipfile_serialization=zipped)
"#;

#[test]
fn files_of_python_are_converted_whatever_their_age() {
    let here = tempfile::tempdir().expect("a folder");
    let store = tiny::make(here.path(), &tiny::examples(&LABELS, 10));
    std::fs::remove_file(here.path().join("rust_model.ot")).expect("it was there");
    let safetensors = here.path().join("model.safetensors");
    let python = |arguments: &[&str]| {
        let mut command = std::process::Command::new(arguments[0]);
        let output = command.args(&arguments[1..]).arg(here.path()).output().expect("it starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    for age in ["zipped", "as before PyTorch 1.6"] {
        write_safetensors(&safetensors, &sorted(&store), Kind::Float);
        let publish = format!("import sys; sys.argv.append({age:?})\n{PUBLISH}");
        python(&["/usr/bin/python3", "-c", &publish]);
        std::fs::remove_file(&safetensors).expect("it was there");
        python(&[concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/convert-weights")]);
        assert_eq!(distance(here.path(), &store), (0.0, store.len() - 2), "{age}");
    }
}

#[test]
fn the_pooler_may_be_missing_and_nothing_else() {
    let here = tempfile::tempdir().expect("a folder");
    let examples = tiny::examples(&LABELS, 10);
    let store = tiny::make(here.path(), &examples);
    let path = here.path().join("model.safetensors");
    std::fs::remove_file(here.path().join("rust_model.ot")).expect("it was there");
    let without = |part: &str| {
        let left: Vec<_> = sorted(&store).into_iter().filter(|(name, _)| !name.contains(part)).collect();
        write_safetensors(&path, &left, Kind::Float);
        let (path, tensors) = weights::read(here.path()).expect("weights");
        weights::fill(&store, &path, &tensors).map_err(|error| error.to_string())
    };
    let of_pooler = |names: &[String]| names.iter().filter(|name| name.contains("pooler")).count();
    assert_eq!(of_pooler(&without("pooler").expect("made anew")), 2);
    let error = without("layer.1.output").expect_err("a layer");
    assert!(error.contains("model.safetensors") && error.contains("bert.encoder.layer.1.output"), "{error}");
}

/// A name, what is done to a folder, and what the error must tell.
type Case = (&'static str, fn(&Path), &'static str);

#[test]
fn a_wrong_download_is_told_with_its_file() {
    let _alone = tiny::alone();
    let examples = tiny::examples(&LABELS, 10);
    let cases: &[Case] = &[
        ("no weights", |at| std::fs::remove_file(at.join("rust_model.ot")).expect("gone"), "rust_model.ot or"),
        ("no config", |at| std::fs::remove_file(at.join("config.json")).expect("gone"), "config.json"),
        ("no vocabulary", |at| std::fs::remove_file(at.join("vocab.txt")).expect("gone"), "vocab.txt"),
        ("weights of nothing", |at| write(at, "rust_model.ot", b"nothing"), "rust_model.ot"),
        ("config of nothing", |at| write(at, "config.json", b"{}"), "config.json"),
        ("another vocabulary", |at| write(at, "vocab.txt", &more_words(at)), "pieces"),
        ("odd heads", |at| change_config(at, "num_attention_heads", 5), "num_attention_heads"),
        ("no layers", |at| change_config(at, "num_hidden_layers", 0), "num_hidden_layers"),
        ("more layers", |at| change_config(at, "num_hidden_layers", 3), "layer.2"),
        ("wider", |at| change_config(at, "hidden_size", 128), "config.json makes it"),
        ("a pickle", |at| only(at, "pytorch_model.bin", b"PK"), "convert-weights"),
        ("half a file", |at| only(at, "model.safetensors", &[200, 0, 0, 0, 0, 0, 0, 0, b'{']), "cut short"),
        ("a wrong table", |at| only(at, "model.safetensors", b"\x02\0\0\0\0\0\0\0{x"), "model.safetensors"),
    ];
    for (name, spoil, told) in cases {
        let here = tempfile::tempdir().expect("a folder");
        tiny::make(here.path(), &examples);
        spoil(here.path());
        let settings = Settings { epochs: 0, ..tiny::SETTINGS };
        let error = fine_tune(here.path(), &examples, &settings, &mut |_, _| {}).err().map(|error| error.to_string());
        let error = error.unwrap_or_default();
        assert!(error.contains(told) && error.contains(&*here.path().to_string_lossy()), "{name}: {error:?}");
    }
}

#[test]
fn a_broken_model_is_told_with_its_file() {
    let _alone = tiny::alone();
    let examples = tiny::examples(&LABELS, 10);
    let cases: &[Case] = &[
        ("no card", |at| std::fs::remove_file(at.join(folder::CARD)).expect("gone"), folder::CARD),
        ("no weights", |at| std::fs::remove_file(at.join(folder::WEIGHTS)).expect("gone"), folder::WEIGHTS),
        ("weights of nothing", |at| write(at, folder::WEIGHTS, b"nothing"), folder::WEIGHTS),
        ("a later card", |at| write(at, folder::CARD, &card(at, "\"version\": 1", "\"version\": 9")), "version 9"),
        ("an unknown label", |at| write(at, folder::CARD, &card(at, "\"affirm\",", "")), "config.json makes it"),
        (
            "no temperature",
            |at| write(at, folder::CARD, &card(at, "\"temperature\": ", "\"temperature\": -")),
            "damaged",
        ),
    ];
    for (name, spoil, told) in cases {
        let here = tempfile::tempdir().expect("a folder");
        let out = here.path().join("out");
        trained(here.path(), &examples, &out);
        assert!(folder::load(&out).is_ok());
        spoil(&out);
        let error = folder::load(&out).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(error.contains(told) && error.contains(&*out.to_string_lossy()), "{name}: {error:?}");
    }
    let nowhere = Base::read(Path::new("nowhere")).err().map(|error| error.to_string()).unwrap_or_default();
    assert!(nowhere.contains("nowhere"), "{nowhere}");
}

fn trained(here: &Path, examples: &[Example], out: &Path) {
    tiny::make(here, examples);
    let settings = Settings { epochs: 0, ..tiny::SETTINGS };
    let (trained, base) = fine_tune(here, examples, &settings, &mut |_, _| {}).expect("a model");
    folder::save(&trained, &base, out).expect("a folder");
}

fn write(folder: &Path, name: &str, bytes: &[u8]) {
    std::fs::write(folder.join(name), bytes).expect("a file");
}

/// These weights in place of the others.
fn only(folder: &Path, name: &str, bytes: &[u8]) {
    std::fs::remove_file(folder.join("rust_model.ot")).expect("it was there");
    write(folder, name, bytes);
}

fn more_words(folder: &Path) -> Vec<u8> {
    let text = std::fs::read_to_string(folder.join("vocab.txt")).expect("a file");
    format!("{text}κάτι\nπαραπάνω\n").into_bytes()
}

fn change_config(folder: &Path, key: &str, size: i64) {
    let text = std::fs::read_to_string(folder.join("config.json")).expect("a file");
    let mut config: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    config[key] = size.into();
    write(folder, "config.json", config.to_string().as_bytes());
}

fn card(folder: &Path, from: &str, to: &str) -> Vec<u8> {
    let text = std::fs::read_to_string(folder.join(folder::CARD)).expect("a file");
    let changed = text.replace(from, to);
    assert_ne!(text, changed, "{from} is not there");
    changed.into_bytes()
}
