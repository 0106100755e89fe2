// The runs of a class: a line for each participant, the median, and the band in which most of them lie.
const { svg } = twoHeads.svg
const { root, clamped } = twoHeads.room
const seen = new Set() // what was drawn one by one on this page load

// `data`: `own` (a place among the lines or null), what the right option expects (`expected`: two numbers or null), `alt`,
// `id`, `size`; and `shared`, which is the same for all participants, as JSON: the epochs, `lines` (a list of values each),
// `median`, both ends of the `band`, `range` and `ticks`.
twoHeads.register("room_runs", ({ data: { shared, ...rest }, parentElement }) => {
  const data = { ...rest, ...JSON.parse(shared) }
  const place = root(parentElement, data)
  const [width, height, left, bottom] = data.wide ? [1000, 440, 110, 54] : [380, 290, 50, 36]
  const font = data.wide ? 36 : 13
  const [low, high] = data.range
  const xOf = (epoch) => left + ((width - left - 14) * (epoch - data.epochs[0])) / Math.max(data.epochs.at(-1) - data.epochs[0], 1)
  const yOf = (value) => 10 + ((height - bottom - 10) * (high - value)) / (high - low)
  const path = (values) => {
    let text = "", pen = "M"
    values.forEach((value, i) => {
      if (value === null) { pen = "M"; return }
      text += `${pen}${xOf(data.epochs[i]).toFixed(1)} ${yOf(clamped(value, data.range)).toFixed(1)}`
      pen = "L"
    })
    return text
  }
  const drawing = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": data.alt, class: data.wide ? "wide" : null })
  if (data.expected) {
    const [from, to] = data.expected.map((value) => yOf(clamped(value, data.range)))
    drawing.append(svg("rect", { x: left, width: width - left - 14, y: Math.min(from, to), height: Math.max(Math.abs(to - from), 2), class: "expected" }))
  }
  // The lower edge runs backwards, so its epochs do, too.
  const back = data.epochs.map((epoch, i) => [epoch, data.band[0][i]]).filter(([, value]) => value !== null).reverse()
  const edge = back.map(([epoch, value]) => `L${xOf(epoch).toFixed(1)} ${yOf(clamped(value, data.range)).toFixed(1)}`).join("")
  const band = svg("path", { class: "band", d: `${path(data.band[1])}${edge}Z` })
  const lines = data.lines.map((values) => svg("path", { class: "run", d: path(values) }))
  const median = svg("path", { class: "median", d: path(data.median) })
  if (data.lines.length === 1) median.style.strokeDasharray = "none"
  const own = data.own === null ? null : svg("path", { class: "own", d: path(data.lines[data.own]) })
  drawing.append(band, ...lines, median, ...(own ? [own] : []))
  drawing.append(svg("path", { class: "axis", fill: "none", d: `M${left} 10V${height - bottom}H${width - 14}` }))
  const text = (words, x, y, anchor) => drawing.append(svg("text", { x, y, "text-anchor": anchor, "font-size": font }, words))
  for (const [value, words] of data.ticks) text(words, left - 8, yOf(value) + font / 3, "end")
  text(String(data.epochs[0]), left, height - bottom + font + 4, "start")
  text(String(data.epochs.at(-1)), width - 14, height - bottom + font + 4, "end")
  text("epoch", (left + width) / 2, height - bottom + font + 4, "middle")
  place.replaceChildren(drawing)
  if (seen.has(data.id) || !data.play || twoHeads.reducedMotion()) return
  seen.add(data.id)
  const late = [median, band, ...(own ? [own] : [])]
  for (const node of [...lines, ...late]) node.classList.add("hidden")
  const each = Math.min(60, 1200 / Math.max(lines.length, 1))
  lines.forEach((node, i) => setTimeout(() => node.classList.remove("hidden"), i * each))
  late.forEach((node, i) => setTimeout(() => node.classList.remove("hidden"), lines.length * each + 100 * i))
})
