// @ts-check
// The architecture in a `.keras` file, which is a zip archive: only its central directory and `config.json` are read.
// Weights are never read, whatever their size. Format: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT

/** What is wrong with a file, in a sentence for the visitor. */
export class Unreadable extends Error {}

/** The most bytes of a configuration; the server reads no more, either. */
export const MOST = 1024 * 1024
const START = 1024 // bytes in which a JSON file begins, after a byte order mark and white space
const HDF5 = 0x89484446 // its first four bytes, "\x89HDF"
const END = 0x06054b50 // of the central directory, in the last bytes of the file
const END_SIZE = 22
const LONGEST_COMMENT = 65535
const ENTRY = 0x02014b50
const ENTRY_SIZE = 46
const LOCAL_SIZE = 30
const MOST_DIRECTORY = 4 * 1024 * 1024 // bytes: a Keras file has three entries, each of less than 100
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
  const begins = await view(file, 0, START)
  if (begins.byteLength >= 4 && begins.getUint32(0) === HDF5) throw new Unreadable(OLD)
  if (new TextDecoder().decode(begins).trimStart().startsWith("{")) return json(file)
  const { size, offset } = await endOf(file)
  const { method, packed, from } = config(await view(file, offset, size))
  const local = await view(file, from, LOCAL_SIZE)
  if (local.byteLength < LOCAL_SIZE) throw new Unreadable(BROKEN)
  const start = from + LOCAL_SIZE + local.getUint16(26, true) + local.getUint16(28, true)
  const content = file.slice(start, start + packed)
  return decoded(method === STORED ? await bounded(content.stream()) : await inflated(content))
}

/** @param {Blob} file */
async function json(file) {
  if (file.size > MOST) throw new Unreadable(TOO_LARGE)
  return decoded(new Uint8Array(await file.arrayBuffer()))
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
 * @param {number} size
 */
const view = async (file, from, size) => new DataView(await file.slice(from, from + size).arrayBuffer())

/**
 * Where the central directory is.
 * @param {Blob} file
 */
async function endOf(file) {
  const from = Math.max(0, file.size - END_SIZE - LONGEST_COMMENT)
  const tail = await view(file, from, file.size - from)
  for (let at = tail.byteLength - END_SIZE; at >= 0; at--) {
    if (tail.getUint32(at, true) !== END) continue
    const size = tail.getUint32(at + 12, true)
    const offset = tail.getUint32(at + 16, true)
    if (offset + size > from + at) continue // four bytes of a comment, or an archive of more than 4 GB
    if (size > MOST_DIRECTORY) throw new Unreadable(NO_CONFIG)
    return { size, offset }
  }
  throw new Unreadable(NO_ZIP)
}

/**
 * The entry of `config.json` in a central directory.
 * @param {DataView<ArrayBuffer>} directory
 */
function config(directory) {
  for (let at = 0; at + ENTRY_SIZE <= directory.byteLength; ) {
    if (directory.getUint32(at, true) !== ENTRY) break
    const length = directory.getUint16(at + 28, true)
    const name = new Uint8Array(
      directory.buffer,
      at + ENTRY_SIZE,
      Math.min(length, directory.byteLength - at - ENTRY_SIZE),
    )
    if (new TextDecoder().decode(name) === "config.json") return entryAt(directory, at)
    at += ENTRY_SIZE + length + directory.getUint16(at + 30, true) + directory.getUint16(at + 32, true)
  }
  throw new Unreadable(NO_CONFIG)
}

/**
 * @param {DataView} directory
 * @param {number} at
 */
function entryAt(directory, at) {
  const method = directory.getUint16(at + 10, true)
  const packed = directory.getUint32(at + 20, true)
  if (Math.max(packed, directory.getUint32(at + 24, true)) > MOST) throw new Unreadable(TOO_LARGE)
  if (method !== STORED && method !== DEFLATED) throw new Unreadable(BROKEN)
  return { method, packed, from: directory.getUint32(at + 42, true) }
}

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
