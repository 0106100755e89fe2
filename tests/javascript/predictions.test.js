import assert from "node:assert/strict"
import { test } from "node:test"
import { codeAt, confusions, MISSING } from "../../components/browser/predictions_panel.js"
import { property } from "./random.js"

test("a confusion matrix counts each sequence by its class and its prediction", () => {
  const truth = Uint8Array.from([0, 0, 1, 2])
  const codes = Uint8Array.from([0, 0, 0, 0, 0, 1, 1, 2])
  assert.deepEqual(confusions(truth, codes, 0, 3), [2, 0, 0, 1, 0, 0, 1, 0, 0])
  assert.deepEqual(confusions(truth, codes, 1, 3), [1, 1, 0, 0, 1, 0, 0, 0, 1])
})

test("a prediction that is NaN or infinite is in no cell of a confusion matrix", () => {
  assert.deepEqual(confusions([0, 1, 1], [MISSING, 1, MISSING], 0, 2), [0, 0, 0, 1])
})

test("the rows of a confusion matrix are as large as the classes", () => {
  property(50, ({ whole }) => {
    const classes = whole(2, 5)
    const truth = Array.from({ length: whole(1, 40) }, () => whole(0, classes - 1))
    const codes = truth.map(() => whole(0, classes - 1))
    const counts = confusions(truth, codes, 0, classes)
    for (let row = 0; row < classes; row++) {
      const sum = counts.slice(row * classes, (row + 1) * classes).reduce((a, b) => a + b, 0)
      assert.equal(sum, truth.filter((own) => own === row).length)
    }
  })
})

test("a point glides from frame to frame, unless one of them has no value", () => {
  const codes = Uint8Array.from([0, 100, 200, MISSING])
  assert.equal(codeAt(codes, 2, { from: 0, to: 1, share: 0.25 }, 0), 50)
  assert.equal(codeAt(codes, 2, { from: 0, to: 1, share: 0.25 }, 1), MISSING)
  assert.equal(codeAt(codes, 2, { from: 0, to: 0, share: 0 }, 1), 100)
})
