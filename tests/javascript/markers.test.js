import assert from "node:assert/strict"
import { test } from "node:test"
import { codeAt, MISSING } from "../../components/browser/markers.js"

test("a point moves from frame to frame, unless one of them has no value", () => {
  const codes = Uint8Array.from([0, 100, 200, MISSING])
  assert.equal(codeAt(codes, 2, { from: 0, to: 1, share: 0.25 }, 0), 50)
  assert.equal(codeAt(codes, 2, { from: 0, to: 1, share: 0.25 }, 1), MISSING)
  assert.equal(codeAt(codes, 2, { from: 0, to: 0, share: 0 }, 1), 100)
})
