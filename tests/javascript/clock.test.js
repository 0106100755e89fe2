import assert from "node:assert/strict"
import { test } from "node:test"
import { Clock } from "../../components/browser/clock.js"
import { property } from "./random.js"

/** A clock with frames, and how often it was woken. */
function clockOf(frames, { still = false, epoch = null } = {}) {
  const counts = { woken: 0 }
  const clock = new Clock(
    () => {
      counts.woken += 1
    },
    () => still,
  )
  clock.load(frames, epoch)
  return { clock, counts }
}

test("a run opens at its last epoch, or at the frame nearest to the given one", () => {
  assert.equal(clockOf([0, 4, 8]).clock.epoch, 8)
  assert.equal(clockOf([0, 4, 8], { epoch: 5 }).clock.epoch, 4)
  assert.equal(clockOf([0, 4, 8], { epoch: 99 }).clock.epoch, 8)
})

test("other frames of a run leave its position at the nearest of them", () => {
  const { clock } = clockOf([0, 4, 8], { epoch: 4 })
  assert.equal(clock.load([0, 4, 8], 8), false)
  assert.equal(clock.epoch, 4)
  assert.equal(clock.load([0, 5, 10], 10), false)
  assert.equal(clock.epoch, 5)
})

test("a short run plays two epochs a second, and a long one takes eight seconds", () => {
  const short = clockOf([0, 4, 8]).clock
  short.play()
  short.advance(1000)
  assert.equal(short.epoch, 2)
  const long = clockOf([0, 400, 800]).clock
  long.play()
  long.advance(4000)
  assert.equal(long.epoch, 400)
})

test("the speed changes how fast a run plays", () => {
  const { clock } = clockOf([0, 4, 8])
  clock.speed = 4
  clock.play()
  clock.advance(500)
  assert.equal(clock.epoch, 4)
})

test("a run that plays stops at its end, and plays again from its beginning", () => {
  const { clock, counts } = clockOf([2, 4, 8])
  clock.play()
  assert.deepEqual([clock.epoch, clock.playing, counts.woken], [2, true, 1])
  clock.advance(60_000)
  assert.deepEqual([clock.epoch, clock.playing], [8, false])
  clock.toggle()
  assert.deepEqual([clock.epoch, clock.playing, counts.woken], [2, true, 2])
})

test("a pause goes to the nearest frame", () => {
  const { clock } = clockOf([0, 4, 8])
  clock.play()
  clock.advance(1400)
  clock.toggle()
  assert.deepEqual([clock.epoch, clock.shown, clock.playing], [4, 4, false])
})

test("two steps in a row go two frames, and none leads beyond an end", () => {
  const { clock } = clockOf([0, 4, 8, 12], { epoch: 0 })
  clock.step(1)
  clock.step(1)
  assert.equal(clock.epoch, 8)
  for (let i = 0; i < 5; i++) clock.step(1)
  assert.equal(clock.epoch, 12)
})

test("with less motion a run that plays shows frames alone", () => {
  const { clock } = clockOf([0, 4, 8], { still: true, epoch: 0 })
  clock.play()
  clock.advance(1900)
  assert.equal(clock.epoch, 0)
  clock.advance(200)
  assert.equal(clock.epoch, 4)
})

test("between two frames a picture knows both and the way between them", () => {
  const { clock } = clockOf([0, 4, 8])
  clock.set(4)
  clock.play()
  clock.advance(500) // two epochs a second
  assert.deepEqual(clock.between(), { from: 1, to: 2, share: 0.25, shown: 1 })
  clock.set("8")
  assert.deepEqual(clock.between(), { from: 2, to: 2, share: 0, shown: 2 })
  clock.set(5) // nothing was measured there
  assert.deepEqual(clock.between(), { from: 1, to: 1, share: 0, shown: 1 })
})

test("a listener is told at once, at every change, and no more after it has left", () => {
  const { clock } = clockOf([0, 4, 8])
  const told = []
  const stop = clock.subscribe(({ epoch }) => told.push(epoch))
  clock.set(4)
  stop()
  clock.set(0)
  assert.deepEqual(told, [8, 4])
  assert.equal(clock.unused, true)
})

test("a clock without frames tells nothing and does not move", () => {
  const clock = new Clock(assert.fail, () => false)
  clock.subscribe(assert.fail)
  clock.play()
  clock.step(1)
  assert.deepEqual([clock.epoch, clock.last, clock.playing], [0, 0, false])
})

test("whatever a visitor presses, the clock stays on the run and comes to rest on a frame", () => {
  property(200, ({ between, whole }) => {
    const frames = [...new Set(Array.from({ length: whole(2, 9) }, () => whole(0, 60)))].sort((a, b) => a - b)
    const { clock } = clockOf(frames, { still: whole(0, 1) === 1 })
    let told = clock.epoch
    clock.subscribe(({ epoch }) => {
      told = epoch
    })
    const acts = [
      () => clock.play(),
      () => clock.toggle(),
      () => clock.step(whole(0, 1) ? 1 : -1),
      () => clock.set(between(-10, 80)),
      () => clock.settle(),
      () => clock.advance(between(0, 400)),
      () => {
        clock.speed = [0.5, 1, 2, 4][whole(0, 3)]
      },
    ]
    for (let i = 0; i < 30; i++) {
      acts[whole(0, acts.length - 1)]()
      assert.ok(clock.epoch >= frames[0] && clock.epoch <= clock.last)
      assert.ok(frames.includes(clock.shown))
      assert.equal(told, clock.epoch)
    }
    clock.advance(600_000)
    clock.settle()
    assert.ok(!clock.playing && frames.includes(clock.epoch))
  })
})
