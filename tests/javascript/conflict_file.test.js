import assert from "node:assert/strict"
import { test } from "node:test"
import { gunzipSync } from "node:zlib"

globalThis.document ??= { addEventListener: () => {} }
const { packed } = await import("../../components/browser/conflict_file.js")

test("a file is packed as gzip in Base64", async () => {
  const text = JSON.stringify({ schema: 1, heads: ["a", "ä", "頭"], history: Array(5000).fill([0.123456, null]) })
  const sent = await packed(new Blob([text]))
  assert.equal(gunzipSync(Buffer.from(sent, "base64")).toString(), text)
})

test("an empty file, a large one and one that is no text of figures get a sentence", async () => {
  await assert.rejects(packed(new Blob([])), /The file or the text is empty\./)
  await assert.rejects(packed(new Blob(["x".repeat(1_000_001)])), /more than 1,000,000 bytes/)
  const noise = Uint8Array.from({ length: 900_000 }, () => Math.random() * 256)
  await assert.rejects(packed(new Blob([noise])), /not a file that GradientConflict\.save writes/)
})
