// Pictures of a diagram as Python sends them, as far as the layout needs them.

/** A measure of text with letters that are all as wide. */
export const measure = (words, font) => 0.55 * [...words].length * Number(/([\d.]+)px/.exec(font)[1])

const row = (name, column, columns, count, more = {}) => ({
  name,
  kind: column === 0 ? "input" : column === 1 ? "LSTM" : "Dense",
  column,
  x: column / (columns - 0.4),
  y: count > 1 ? 1 : 0.5,
  step: count > 1 ? 1 / (count - 1) : 0,
  count,
  more: 0,
  head: null,
  title: name,
  numbered: count > 1,
  about: [],
  layers: [],
  ...more,
})

/** A picture with two inputs, a shared layer, and heads with as many output units as `units` says. */
export function pictureOf({
  units = [1, 1],
  shared = 4,
  titles = units.map((_, i) => `task ${i + 1}`),
  hidden = false,
} = {}) {
  const columns = hidden ? 4 : 3
  const total = units.reduce((sum, count) => sum + count, 0)
  const slot = 1 / Math.max(total + units.length - 1, 1)
  const groups = [row("input", 0, columns, 2), row("lstm", 1, columns, shared)]
  const heads = []
  let at = 1
  units.forEach((count, i) => {
    const spot = { head: i, count, y: at, step: slot }
    if (hidden && i === 0) groups.push(row("hidden", 2, columns, 2, { head: i, y: 0.8, step: 0.3 }))
    groups.push(row(titles[i], columns - 1, columns, count, spot))
    const output = groups.length - 1
    heads.push({
      title: titles[i],
      hue: "#0d9488",
      layer: `Dense(${count})`,
      output,
      first: hidden && i === 0 ? output - 1 : output,
    })
    at -= (count + 1) * slot
  })
  const style = { title: "Functional", layers: "Dense", fused: false, box: "", kernel: "4 × 2 kernels", alt: "" }
  const targets = groups.flatMap((group, to) => (group.column === 0 ? [] : [[group, to]]))
  return {
    groups,
    blocks: targets.map(([group, to]) => {
      const before = groups.findLastIndex((other) => other.head === group.head && other.column === group.column - 1)
      return [before >= 0 && group.head !== null ? before : group.column === 1 ? 0 : 1, to]
    }),
    heads,
    columns: Array.from({ length: columns }, (_, depth) => ({
      kind: `kind ${depth}`,
      count: "4",
      notes: depth ? [] : [["t = 1 … 12", "t ≤ 12"]],
    })),
    shared: 1,
    sides: [style, { ...style, kernel: "a longer sentence on the kernels of this side" }],
    drawn: "",
    more_heads: "",
    finding: "",
    focusable: [],
    findings: [],
    morph: { side: null, apart: "", together: "", before: "", still: "", after: "", layers: "", kernel: "" },
    legend: [],
    colours: { neutral: "#7c8798", negative: "#c2410c", positive: "#1d4ed8" },
  }
}
