// Random numbers that are the same in every run.

/** A function of numbers from 0 to 1 (mulberry32, by Tommy Ettinger). */
export function random(seed) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Calls `check` with choices of `count` seeds: numbers in a range, and whole numbers. */
export function property(count, check) {
  for (let seed = 1; seed <= count; seed++) {
    const next = random(seed)
    const between = (low, high) => low + next() * (high - low)
    const whole = (low, high) => Math.floor(between(low, high + 1))
    check({ between, whole, seed })
  }
}

/** Whether two numbers, or lists of numbers, are equal up to round-off. */
export function close(one, other, by = 1e-9) {
  if (typeof one === "number") return Math.abs(one - other) <= by
  return one.length === other.length && [...one].every((each, i) => close(each, other[i], by))
}
