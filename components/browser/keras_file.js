// @ts-check
// The architecture in a `.keras` file, which is a zip archive: only the headers of its entries and `config.json` are read.
// Weights are never read, whatever their size. Format: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT

/** What is wrong with a file, in a sentence for the visitor. */
export class Unreadable extends Error {}

/** The most bytes of a configuration; the server reads no more, either. */
export const MOST = 1024 * 1024
const BEGIN = 1024 // bytes: a local header with its name, or the beginning of a JSON file after white space
const HDF5 = 0x89484446 // its first four bytes, "\x89HDF"
const LOCAL = 0x04034b50 // what each entry of an archive begins with
const LOCAL_SIZE = 30
const LATER = 8 // the flag of an entry whose size stands after it; Python writes none
const STORED = 0
const DEFLATED = 8

const NO_ZIP =
  "This is not a .keras file: it is not a zip archive. Save the model with model.save(“model.keras”), or paste what model.to_json() returns."
const OLD =
  "This is an HDF5 file, the format before .keras. Load it with Keras and save it as model.keras, or paste what model.to_json() returns."
const NO_CONFIG = "This zip archive has no config.json, so it is not a .keras file."
const TOO_LARGE = "The architecture in this file has more than 1 MB, the most that the app reads."
const BROKEN = "The configuration in this file cannot be read. Save the model again with model.save(“model.keras”)."

/**
 * The text of the configuration in a `.keras` file, or of a JSON file. Throws Unreadable if it cannot be read.
 * @param {Blob} file
 */
export async function configurationOf(file) {
  const begins = await view(file, 0)
  if (begins.byteLength >= 4 && begins.getUint32(0) === HDF5) throw new Unreadable(OLD)
  if (new TextDecoder().decode(begins).trimStart().startsWith("{")) return decoded(await bounded(file.stream()))
  for (let at = 0; ; ) {
    const entry = await view(file, at)
    if (entry.byteLength < LOCAL_SIZE || entry.getUint32(0, true) !== LOCAL) {
      throw new Unreadable(at ? NO_CONFIG : NO_ZIP)
    }
    const [flags, method, packed] = [entry.getUint16(6, true), entry.getUint16(8, true), entry.getUint32(18, true)]
    const length = entry.getUint16(26, true)
    const name = new TextDecoder().decode(new Uint8Array(entry.buffer).subarray(LOCAL_SIZE, LOCAL_SIZE + length))
    const from = at + LOCAL_SIZE + length + entry.getUint16(28, true)
    if (flags & LATER || (method !== STORED && method !== DEFLATED)) throw new Unreadable(BROKEN)
    if (name === "config.json") {
      const content = file.slice(from, from + packed)
      return decoded(await (method === STORED ? bounded(content.stream()) : inflated(content)))
    }
    at = from + packed
  }
}

/** @param {Uint8Array<ArrayBuffer>} bytes */
function decoded(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes)
  } catch {
    throw new Unreadable(BROKEN)
  }
}

/**
 * @param {Blob} file
 * @param {number} from
 */
const view = async (file, from) => new DataView(await file.slice(from, from + BEGIN).arrayBuffer())

/** @param {Blob} packed */
async function inflated(packed) {
  try {
    return await bounded(packed.stream().pipeThrough(new DecompressionStream("deflate-raw")))
  } catch (error) {
    throw error instanceof Unreadable ? error : new Unreadable(BROKEN)
  }
}

/**
 * All bytes of a stream. Throws Unreadable if there are more than `MOST`, whatever size the archive gives.
 * @param {ReadableStream<Uint8Array<ArrayBuffer>>} stream
 */
async function bounded(stream) {
  const reader = stream.getReader()
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const parts = []
  let size = 0
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    size += read.value.byteLength
    if (size > MOST) {
      await reader.cancel()
      throw new Unreadable(TOO_LARGE)
    }
    parts.push(read.value)
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer())
}
