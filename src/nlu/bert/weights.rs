//! The weights that an operator brings, in whichever of the usual formats.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use tch::Tensor;
use tch::nn::VarStore;

use super::{BertError, safetensors};

/// The names of weight files: libtorch's own, safetensors.
pub const FILES: [&str; 2] = ["rust_model.ot", "model.safetensors"];
/// Python's, which libtorch reads only in part and never in the form in which models are published.
const PYTHON: &str = "pytorch_model.bin";
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
        let message = if folder.join(PYTHON).is_file() {
            format!("has only {PYTHON}; scripts/convert-weights writes {} from it", FILES[1])
        } else {
            format!("has no weights; {} must be there", FILES.join(" or "))
        };
        return Err(BertError::content(folder, message));
    };
    let tensors: HashMap<String, Tensor> = match path.extension().and_then(|extension| extension.to_str()) {
        Some("safetensors") => safetensors::read(&path)?,
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
