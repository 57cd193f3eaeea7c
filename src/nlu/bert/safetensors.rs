//! The safetensors format: a length, a JSON table of names with their places, then the numbers.

use std::collections::HashMap;
use std::path::Path;

use serde::Deserialize;
use tch::{Kind, Tensor};

use super::BertError;

/// The table is never so long; what says so is no such file.
const LONGEST_TABLE: u64 = 100_000_000;
/// An entry of the table that is no tensor.
const REMARKS: &str = "__metadata__";

/// Where a tensor lies and how.
#[derive(Deserialize)]
struct Entry {
    dtype: String,
    shape: Vec<i64>,
    data_offsets: [usize; 2],
}

/// Reads every tensor of a file.
pub(super) fn read(path: &Path) -> Result<HashMap<String, Tensor>, BertError> {
    let bytes = std::fs::read(path).map_err(BertError::file(path))?;
    parse(&bytes).map_err(|message| BertError::content(path, message))
}

fn parse(bytes: &[u8]) -> Result<HashMap<String, Tensor>, String> {
    let (length, rest) = bytes.split_first_chunk::<8>().ok_or("is cut short")?;
    let length = u64::from_le_bytes(*length);
    if length > LONGEST_TABLE {
        return Err("is no safetensors file".to_owned());
    }
    let length = usize::try_from(length).map_err(|_| "is no safetensors file")?;
    let (table, numbers) = rest.split_at_checked(length).ok_or("is cut short")?;
    let mut table: HashMap<String, serde_json::Value> =
        serde_json::from_slice(table).map_err(|error| format!("has a table that cannot be read: {error}"))?;
    table.remove(REMARKS);
    table.into_iter().map(|(name, entry)| tensor(&name, entry, numbers).map(|tensor| (name, tensor))).collect()
}

fn tensor(name: &str, entry: serde_json::Value, numbers: &[u8]) -> Result<Tensor, String> {
    let entry: Entry = serde_json::from_value(entry).map_err(|error| format!("{name} cannot be read: {error}"))?;
    let (kind, width) = match entry.dtype.as_str() {
        "F64" => (Kind::Double, 8),
        "F32" => (Kind::Float, 4),
        "F16" => (Kind::Half, 2),
        "BF16" => (Kind::BFloat16, 2),
        "I64" => (Kind::Int64, 8),
        other => return Err(format!("{name} has numbers of the kind {other}, which are not read")),
    };
    let [from, to] = entry.data_offsets;
    let bytes = numbers.get(from..to).ok_or_else(|| format!("is cut short: {name} is not all there"))?;
    let count = entry.shape.iter().try_fold(1_usize, |count, side| count.checked_mul(usize::try_from(*side).ok()?));
    if count.and_then(|count| count.checked_mul(width)) != Some(bytes.len()) {
        return Err(format!("{name} has another size than its shape"));
    }
    Tensor::f_of_data_size(bytes, &entry.shape, kind).map_err(|error| format!("{name} cannot be read: {error}"))
}
