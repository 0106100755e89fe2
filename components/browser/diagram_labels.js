// Words around the diagram, in rows in which none touches another, however narrow it is.
const { svg, widthOf } = twoHeads.svg
const SIZE = 11 // pixels; no text is smaller
const GAP = 7

// Puts labels { text, x } with the middle at x into rows, each in the first row that has room between `left` and `right`.
// Returns the labels with their `row`, `x` and `width`.
function rows(labels, font, left, right, gap = GAP) {
  const ends = []
  return [...labels].sort((a, b) => a.x - b.x).map((label) => {
    const width = widthOf(label.text, font)
    const x = Math.max(Math.min(label.x, right - width / 2), left + width / 2)
    let row = ends.findIndex((end) => end + gap <= x - width / 2)
    if (row < 0) row = ends.push(0) - 1
    ends[row] = x + width / 2
    return { ...label, x, width, row }
  })
}

const height = (labels) => labels.reduce((most, label) => Math.max(most, label.row + 1), 0)

// Kind and count of each column: in one line where they fit, otherwise the kinds of adjacent columns once, above the counts.
function header(columns, xs, font, left, right) {
  const single = rows(columns.map(({ kind, count }, i) => ({ text: `${kind} · ${count}`, x: xs[i] })), font, left, right)
  if (height(single) === 1) return single
  const counts = rows(columns.map(({ count }, i) => ({ text: count, x: xs[i] })), font, left, right)
  const runs = []
  columns.forEach(({ kind }, i) => {
    if (runs.at(-1)?.text === kind) runs.at(-1).xs.push(xs[i])
    else runs.push({ text: kind, xs: [xs[i]] })
  })
  const kinds = runs.map(({ text, xs: run }) => ({ text, x: (run[0] + run.at(-1)) / 2 }))
  const above = height(counts)
  return [...counts, ...rows(kinds, font, left, right).map((label) => ({ ...label, row: label.row + above }))]
}

// What stands below the columns, in its long form where two rows are enough.
function footer(columns, xs, more, font, left, right) {
  const of = (form) => {
    const labels = columns.flatMap(({ notes }, i) => notes.map((note) => ({ text: note[form], x: xs[i] })))
    if (more) labels.push({ text: more, x: right })
    return rows(labels, font, left, right)
  }
  const long = of(0)
  return height(long) <= 2 ? long : of(1)
}

// Lines of at most `most` pixels.
function wrapped(text, font, most) {
  const lines = []
  for (const word of text.split(" ")) {
    const line = lines.length ? `${lines.at(-1)} ${word}` : word
    if (lines.length && widthOf(line, font) <= most) lines[lines.length - 1] = line
    else lines.push(word)
  }
  return lines
}

const text = (words, x, y, attributes = {}) => svg("text", { x, y, "font-size": SIZE, ...attributes }, words)

twoHeads.diagram = { labels: { rows, height, header, footer, wrapped, text, SIZE } }
