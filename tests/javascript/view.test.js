import assert from "node:assert/strict"
import { test } from "node:test"
import { rendererOf } from "../../components/browser/view.js"

test("a place keeps its view until its last rendering ends, whichever ends before", () => {
  const seen = []
  let views = 0
  const render = rendererOf(() => {
    views += 1
    return { update: ({ data }) => seen.push(data), leave: () => seen.push("left") }
  })
  const parentElement = {}
  const ends = ["first", "second"].map((data) => render({ data, parentElement }))
  ends[0]()
  assert.deepEqual([views, seen], [1, ["first", "second"]])
  ends[1]()
  assert.deepEqual(seen, ["first", "second", "left"])
  render({ data: "third", parentElement })
  assert.equal(views, 2)
})

test("a rendering that fails leaves the end of its view to the one before", () => {
  let left = 0
  const render = rendererOf(() => ({
    update: ({ data }) => assert.ok(data),
    leave: () => {
      left += 1
    },
  }))
  const parentElement = {}
  const end = render({ data: "first", parentElement })
  assert.throws(() => render({ data: "", parentElement }))
  end()
  assert.equal(left, 1)
})
