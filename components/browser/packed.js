// @ts-check
// Packs a file into a text, for a widget's state: Streamlit accepts at most 1 MB (`server.maxWidgetStateSize`). Base64
// makes the bytes a third longer.
import { Unreadable } from "./unreadable.js"

const MOST_BYTES = 1_000_000
const MOST_PACKED = 900_000

/**
 * The gzip of a file in Base64. Throws Unreadable, with these words, for an empty file, a large one, and one that does
 * not become small enough.
 * @param {Blob} file
 * @param {{ empty: string, large: string, noise: string }} words
 */
export async function pack(file, words) {
  if (!file.size) throw new Unreadable(words.empty)
  if (file.size > MOST_BYTES) throw new Unreadable(words.large)
  const stream = file.stream().pipeThrough(new CompressionStream("gzip"))
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer())
  let text = ""
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192))
  const packed = btoa(text)
  if (packed.length > MOST_PACKED) throw new Unreadable(words.noise)
  return packed
}
