import assert from "node:assert/strict"
import { test } from "node:test"
import { arrange, HEIGHT, modulesOf, WIDTH, wrap } from "../../components/browser/share_card_layout.js"
import { property } from "./random.js"

const sizeOf = (font) => Number(/(\d+)px/.exec(font)[1])
const measure = (words, font) => 0.55 * sizeOf(font) * [...words].length
const wide = (words) => 10 * [...words].length

const WORDS = {
  place: "Train · LSTM 32, Dense 8, 2 heads, 20 epochs",
  title: "In this run, both styles learned equally fast.",
  finding: "Their totals differ by a factor of two. Adam divides it out.",
  numbers: [],
  prediction: null,
  link: "heads.example.org/train?optimizer=sgd",
  code: null,
}
const codeOf = (count) => Array.from({ length: count }, () => "f".repeat(Math.ceil(count / 4)))
const texts = ({ lines }) => lines.map((line) => line.text)

test("words stay whole, and only one that is wider than a line is broken", () => {
  assert.deepEqual(wrap("one two three", 80, 9, wide), ["one two", "three"])
  assert.deepEqual(wrap("a bcdefghijkl m", 50, 9, wide), ["a", "bcdef", "ghijk", "l m"])
  assert.deepEqual(wrap("  \n ", 50, 9, wide), [])
})

test("what is left out is marked, and the mark fits, too", () => {
  assert.deepEqual(wrap("one two three four", 80, 1, wide), ["one two…"])
  assert.deepEqual(wrap("abcdefghijklmnop", 50, 2, wide), ["abcde", "fghi…"])
  assert.deepEqual(wrap("one two", 80, 1, wide), ["one two"])
})

test("no character outside the basic plane is cut in half", () => {
  const lines = wrap("😀".repeat(30), 70, 3, wide)
  assert.equal(lines.join(""), `${"😀".repeat(20)}…`)
})

test("whatever the text, no line is too wide and nothing but the end is lost", () => {
  property(200, ({ between, whole }) => {
    const text = Array.from({ length: whole(0, 40) }, () => "m".repeat(whole(1, 30))).join(" ")
    const [width, most] = [between(30, 400), whole(1, 6)]
    const lines = wrap(text, width, most, wide)
    assert.ok(lines.length <= most)
    assert.ok(lines.every((line) => wide(line) <= width))
    const kept = lines.join("").replaceAll(" ", "").replace("…", "")
    assert.ok(text.replaceAll(" ", "").startsWith(kept))
  })
})

test("everything stands inside the card, and nothing on anything else", () => {
  property(200, ({ between, whole }) => {
    const long = (most) => "word ".repeat(whole(0, most)) + "m".repeat(whole(0, 90))
    const words = {
      ...WORDS,
      place: long(40),
      title: long(60),
      finding: long(120),
      prediction: whole(0, 1) ? { text: long(30), right: null } : null,
      link: "x".repeat(whole(1, 4000)),
      code: whole(0, 1) ? codeOf(21 + 4 * whole(0, 25)) : null,
      numbers: whole(0, 1) ? [["4,762", "parameters"]] : [],
    }
    const picture = whole(0, 1) ? { width: between(20, 2000), height: between(20, 2000) } : null
    const { lines, picture: box, code } = arrange(words, picture, "Inter", measure)
    const tiles = lines.map(({ text, x, y, font }) => ({
      x,
      y: y - 0.8 * sizeOf(font),
      width: measure(text, font),
      height: sizeOf(font),
    }))
    if (box) tiles.push(box)
    if (code) tiles.push({ x: code.x, y: code.y, width: code.side, height: code.side })
    for (const [i, one] of tiles.entries()) {
      assert.ok(one.x >= 0 && one.y >= 0 && one.x + one.width <= WIDTH + 0.01 && one.y + one.height <= HEIGHT)
      for (const other of tiles.slice(i + 1)) {
        const apart =
          one.x + one.width <= other.x + 0.01 ||
          other.x + other.width <= one.x + 0.01 ||
          one.y + one.height <= other.y + 0.01 ||
          other.y + other.height <= one.y + 0.01
        assert.ok(apart, JSON.stringify([one, other]))
      }
    }
  })
})

test("a picture keeps its form; one that would be too low to read is left out", () => {
  const { picture } = arrange(WORDS, { width: 700, height: 300 }, "Inter", measure)
  assert.ok(Math.abs(picture.width / picture.height - 7 / 3) < 1e-9)
  assert.ok(picture.height > 200)
  assert.equal(arrange(WORDS, { width: 700, height: 10 }, "Inter", measure).picture, null)
  assert.equal(arrange(WORDS, { width: 0, height: 0 }, "Inter", measure).picture, null)
})

test("a finding that is too long ends after a sentence", () => {
  const sentence = "On level there was no difference of more than 0.3% in any of the epochs."
  const finding = Array(30).fill(sentence).join(" ")
  for (const picture of [null, { width: 960, height: 250 }, { width: 300, height: 500 }]) {
    const { lines } = arrange({ ...WORDS, finding }, picture, "Inter", measure)
    const sizes = lines.map(({ font }) => sizeOf(font))
    const size = sizes[lines.findIndex(({ text }) => text.startsWith("On level"))]
    const said = lines.filter((_, i) => sizes[i] === size && lines[i].ink === "text").map(({ text }) => text)
    assert.match(said.join(" "), /epochs\. …$/)
  }
})

test("a prediction has its own line, with the colour of its mark", () => {
  const line = (right) =>
    arrange({ ...WORDS, prediction: { text: "I predicted it.", right } }, null, "Inter", measure).lines.find(
      ({ text }) => text === "I predicted it.",
    )
  assert.deepEqual(
    [true, false, null].map((right) => line(right).ink),
    ["right", "wrong", "text"],
  )
  assert.ok(!texts(arrange(WORDS, null, "Inter", measure)).some((text) => text.includes("predicted")))
})

test("a number stands where there is no picture", () => {
  const numbers = [["4,762", "parameters in each"]]
  assert.ok(texts(arrange({ ...WORDS, numbers }, null, "Inter", measure)).includes("4,762"))
  assert.ok(!texts(arrange({ ...WORDS, numbers }, { width: 7, height: 3 }, "Inter", measure)).includes("4,762"))
})

test("a QR code has whole pixels and four quiet modules; one that no phone reads is left out", () => {
  const { code } = arrange({ ...WORDS, code: codeOf(25) }, null, "Inter", measure)
  assert.equal(code.module, 6)
  assert.equal(code.side, 6 * (25 + 8))
  assert.equal(arrange({ ...WORDS, code: codeOf(177) }, null, "Inter", measure).code, null)
})

test("hexadecimal rows are modules", () => {
  assert.deepEqual(modulesOf(["a8", "08", "f8", "00", "80"])[0], [true, false, true, false, true])
  assert.deepEqual(modulesOf(["a8", "08", "f8", "00", "80"])[1], [false, false, false, false, true])
})
