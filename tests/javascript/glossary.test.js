import assert from "node:assert/strict"
import { test } from "node:test"
import { finderOf } from "../../components/browser/glossary_match.js"

const word = (name, ...forms) => ({ word: name, meaning: "", keras: "", forms: [name, ...forms] })
const WORDS = [
  word("loss"),
  word("total loss"),
  word("head"),
  word("batch"),
  word("topology"),
  word("Dense", "Dense(#)"),
  word("Functional"),
  word("LSTM"),
  word("R²"),
  word("learning rate"),
]
const find = finderOf(WORDS)

/** The words that are found, each with the text in which it was found. */
const found = (text) => find(text).map(({ word, start, end }) => [word.word, text.slice(start, end)])
const texts = (text) => found(text).map(([, each]) => each)

test("words are found in the order of the text, the longer one first", () => {
  assert.deepEqual(found("The total loss is the sum of each head's loss."), [
    ["total loss", "total loss"],
    ["head", "head"],
    ["loss", "loss"],
  ])
})

test("plurals are found, also at the beginning of a sentence", () => {
  assert.deepEqual(texts("Heads, losses and batches; two topologies, LSTMs. Total loss"), [
    "Heads",
    "losses",
    "batches",
    "topologies",
    "LSTMs",
    "Total loss",
  ])
})

test("a name is found in its own letters only", () => {
  assert.deepEqual(texts("Functional, not functional; Dense, not dense, and no lstm"), ["Functional", "Dense"])
})

test("a number stands for any number, and what is called like a function is none", () => {
  assert.deepEqual(found("one Dense(2), two Dense(16)."), [
    ["Dense", "Dense(2)"],
    ["Dense", "Dense(16)"],
  ])
  assert.deepEqual(texts("Dense(units) and loss(y) and loss=…"), [])
})

test("no part of a longer word or of an identifier is found", () => {
  const none = "ahead header multi-head head-first head_1 _head head2 keras.losses loss.py lossless R²Score"
  assert.deepEqual(texts(none), [])
})

test("punctuation, quotes and brackets end a word", () => {
  assert.deepEqual(texts("“head” (loss) head, head: head. R², head’s"), [
    "head",
    "loss",
    "head",
    "head",
    "head",
    "R²",
    "head",
  ])
})

test("the name of the app is no use of its words", () => {
  assert.deepEqual(texts("Two Heads has two heads."), ["heads"])
})

test("two words may stand on two lines", () => {
  assert.deepEqual(texts("the learning\n rate"), ["learning\n rate"])
})
