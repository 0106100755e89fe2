// Pictures of a diagram as Python sends them, as far as the layout needs them.

const row = (name, column, columns, count, more = {}) => ({
  name,
  kind: column === 0 ? "inputs" : column === 1 ? "LSTM" : "Dense",
  column,
  x: column / (columns - 1),
  y: count > 1 ? 1 : 0.5,
  step: count > 1 ? 1 / (count - 1) : 0,
  count,
  head: null,
  source: column ? column - 1 : null,
  title: name,
  numbered: count > 1,
  findings: [],
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
  let at = 1
  units.forEach((count, i) => {
    const own = hidden && i === 0
    if (own) groups.push(row("hidden", 2, columns, 2, { head: i, source: 1, y: 0.8, step: 0.3 }))
    const source = own ? groups.length - 1 : 1
    groups.push(row(titles[i], columns - 1, columns, count, { head: i, source, count, y: at, step: slot }))
    at -= (count + 1) * slot
  })
  const style = { title: "Functional", layers: "Dense", box: "", kernel: "4 × 2 kernels", alt: "" }
  return {
    groups,
    heads: units.map((count, i) => ({ title: titles[i], hue: "#0d9488", layer: `Dense(${count})` })),
    columns: Array.from({ length: columns }, (_, depth) => ({
      title: `kind ${depth} · 4`,
      notes: depth ? [] : ["t = 1 … 12"],
    })),
    sides: [style, style],
    finding: "",
    morph: { side: null, before: "", after: "", layers: "", kernel: "" },
    legend: "",
    colours: { neutral: "#7c8798", negative: "#c2410c", positive: "#1d4ed8" },
    timed: true,
  }
}
