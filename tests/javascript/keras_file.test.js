import assert from "node:assert/strict"
import { test } from "node:test"
import { deflateRawSync } from "node:zlib"
import { configurationOf, MOST, Unreadable } from "../../components/browser/keras_file.js"
import { property } from "./random.js"

/** A zip archive as Python's `zipfile` writes it; `entries` are names with contents, and `change` changes fields. */
function zip(entries, { deflated = true, change = {} } = {}) {
  const parts = entries.map(([name, content]) => {
    const packed = deflated ? deflateRawSync(content) : Buffer.from(content)
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50, 0)
    local.writeUInt16LE(change.flags ?? 0, 6)
    local.writeUInt16LE(change.method ?? (deflated ? 8 : 0), 8)
    local.writeUInt32LE(packed.length, 18)
    local.writeUInt32LE(change.size ?? content.length, 22)
    local.writeUInt16LE(name.length, 26)
    local.writeUInt16LE(4, 28) // an extra field
    return Buffer.concat([local, Buffer.from(name), Buffer.alloc(4), packed])
  })
  const central = Buffer.alloc(46)
  central.writeUInt32LE(0x02014b50, 0)
  return Buffer.concat([...parts, central])
}

const read = (bytes) => configurationOf(new Blob([bytes]))
const refuses = (bytes, words) =>
  assert.rejects(read(bytes), (error) => error instanceof Unreadable && words.test(error.message))
const CONFIG = JSON.stringify({ class_name: "Functional", config: { name: "größer" } })
const MODEL = [
  ["metadata.json", "{}"],
  ["config.json", CONFIG],
  ["model.weights.h5", "weights ".repeat(1000)],
]

test("the configuration comes out of a file, deflated or stored, before or after the weights", async () => {
  for (const deflated of [true, false]) {
    assert.equal(await read(zip(MODEL, { deflated })), CONFIG)
    assert.equal(await read(zip([...MODEL].reverse(), { deflated })), CONFIG)
  }
})

test("only the headers of a file and its configuration are read", async () => {
  const bytes = zip(
    [
      ["model.weights.h5", Buffer.alloc(1_000_000, 7)],
      ["config.json", CONFIG],
    ],
    { deflated: false },
  )
  let most = 0
  const blob = new Blob([bytes])
  const watched = {
    size: blob.size,
    slice: (from, to) => {
      most += Math.min(to, blob.size) - from
      return blob.slice(from, to)
    },
  }
  assert.equal(await configurationOf(watched), CONFIG)
  assert.ok(most < 70_000, String(most))
})

test("a JSON file is sent as it is", async () => {
  assert.equal(await read(CONFIG), CONFIG)
  assert.equal(await read(`\uFEFF\r\n\t ${CONFIG}`), `\r\n\t ${CONFIG}`)
  await refuses(`{${" ".repeat(MOST)}}`, /more than 1 MB/)
  await refuses(Buffer.from('{"name": "gr\xf6\xdfer"}', "latin1"), /cannot be read/)
})

test("each file that is none has a sentence", async () => {
  await refuses("", /not a zip archive/)
  await refuses("hello", /not a zip archive/)
  await refuses(Buffer.alloc(100_000, 1), /not a zip archive/)
  await refuses(Buffer.from("\x89HDF\r\n\x1a\n", "latin1"), /HDF5/)
  await refuses(Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), /not a zip archive/)
  await refuses(zip([["a.txt", "a"]]), /no config\.json/)
  await refuses(zip([]), /not a zip archive/)
  await refuses(zip(MODEL, { change: { method: 12 } }), /cannot be read/)
  await refuses(zip(MODEL, { change: { flags: 8 } }), /cannot be read/)
  await refuses(zip([["config.json", Buffer.from([0xff, 0xfe])]]), /cannot be read/)
})

test("a configuration is not unpacked beyond the bound, whatever the archive says", async () => {
  const bomb = "0".repeat(50_000_000)
  await refuses(zip([["config.json", bomb]]), /more than 1 MB/)
  await refuses(zip([["config.json", bomb]], { change: { size: 10 } }), /more than 1 MB/)
  assert.equal((await read(zip([["config.json", " ".repeat(MOST)]]))).length, MOST)
})

test("a damaged file gives a sentence or text, and nothing else", async () => {
  const whole = zip(MODEL)
  const cases = []
  property(300, ({ whole: number }) => {
    const bytes = Buffer.from(whole)
    for (let times = number(1, 8); times > 0; times--) bytes[number(0, bytes.length - 1)] = number(0, 255)
    cases.push(bytes.subarray(0, number(0, bytes.length)), bytes)
  })
  for (const bytes of cases) {
    try {
      assert.equal(typeof (await read(bytes)), "string")
    } catch (error) {
      assert.ok(error instanceof Unreadable, String(error))
    }
  }
})
