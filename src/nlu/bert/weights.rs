//! The weights that an operator brings, in whichever of the usual formats.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use tch::Tensor;
use tch::nn::VarStore;

use super::{BertError, safetensors};

/// The names of weight files, the best first: libtorch's own, safetensors, and Python's (of PyTorch 1.6 and later).
pub const FILES: [&str; 3] = ["rust_model.ot", "model.safetensors", "pytorch_model.bin"];
/// The layer of the labels, which fine-tuning makes anew: those of a downloaded model are none of ours.
const OF_LABELS: &str = "classifier.";
/// What some models are published without and can learn anew.
const POOLER: &str = "bert.pooler.";

/// Reads the weights of a folder by name, without the layer of its labels.
///
/// # Errors
/// When there are none, or they cannot be read.
pub fn read(folder: &Path) -> Result<(PathBuf, HashMap<String, Tensor>), BertError> {
    let Some(path) = FILES.iter().map(|name| folder.join(name)).find(|path| path.is_file()) else {
        let message = format!("has no weights; one of {} must be there", FILES.join(", "));
        return Err(BertError::content(folder, message));
    };
    let tensors: HashMap<String, Tensor> = match path.extension().and_then(|extension| extension.to_str()) {
        Some("safetensors") => safetensors::read(&path)?,
        Some("bin") => {
            expect_zip(&path)?;
            Tensor::loadz_multi(&path).map_err(|error| BertError::torch(&path, &error))?.into_iter().collect()
        }
        _ => Tensor::load_multi(&path).map_err(|error| BertError::torch(&path, &error))?.into_iter().collect(),
    };
    let tensors = tensors.into_iter().filter(|(name, _)| !name.starts_with(OF_LABELS));
    Ok((path, tensors.map(|(name, tensor)| (usual_name(&name), tensor)).collect()))
}

/// Puts weights into the places of the same name; the layer of the labels and the pooler may be missing. Returns what was.
///
/// # Errors
/// When another weight is missing or has another shape.
pub fn fill(store: &VarStore, path: &Path, tensors: &HashMap<String, Tensor>) -> Result<Vec<String>, BertError> {
    let mut missing = Vec::new();
    for (name, mut place) in store.variables() {
        let Some(tensor) = tensors.get(&name) else {
            missing.push(name);
            continue;
        };
        if place.size() != tensor.size() {
            let message = format!("{name} is {:?}; config.json makes it {:?}", tensor.size(), place.size());
            return Err(BertError::content(path, message));
        }
        tch::no_grad(|| place.f_copy_(tensor)).map_err(|error| BertError::torch(path, &error))?;
    }
    missing.sort();
    match missing.iter().find(|name| !name.starts_with(OF_LABELS) && !name.starts_with(POOLER)) {
        Some(name) => Err(BertError::content(path, format!("has no {name}; it is no BERT of the size in config.json"))),
        None => Ok(missing),
    }
}

/// A name as it is today: old files call the parts of a layer norm gamma and beta, and some leave the `bert.` out.
fn usual_name(name: &str) -> String {
    let name = name.strip_suffix(".gamma").map_or_else(|| name.to_owned(), |stem| format!("{stem}.weight"));
    let name = name.strip_suffix(".beta").map_or_else(|| name.clone(), |stem| format!("{stem}.bias"));
    let is_part = ["embeddings.", "encoder.", "pooler."].iter().any(|part| name.starts_with(part));
    if is_part { format!("bert.{name}") } else { name }
}

/// Before PyTorch 1.6 such a file was no archive, and libtorch does not say so in plain words.
fn expect_zip(path: &Path) -> Result<(), BertError> {
    use std::io::Read as _;
    let mut head = [0; 2];
    let mut file = std::fs::File::open(path).map_err(BertError::file(path))?;
    file.read_exact(&mut head).map_err(BertError::file(path))?;
    if head == *b"PK" {
        return Ok(());
    }
    let message = "was written before PyTorch 1.6 and cannot be read here; docs/BERT.md says how to write it anew";
    Err(BertError::content(path, message))
}
