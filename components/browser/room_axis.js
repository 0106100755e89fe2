// Predictions and measurements of a class on one axis.
const { svg } = twoHeads.svg
const { root, clamped } = twoHeads.room

// Predicted beside measured on one axis: `values` are dots, `tried` are { value, letter } of wrong options.
twoHeads.register("room_axis", ({ data, parentElement }) => {
  const place = root(parentElement, data)
  const [width, height, side] = data.wide ? [500, 240, 48] : [380, 130, 30]
  const font = data.wide ? 34 : 13
  const [low, high] = data.range
  const x = (value) => side + ((width - 2 * side) * (clamped(value, data.range) - low)) / (high - low)
  const line = height - 2.2 * font
  const drawing = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": data.alt })
  const text = (words, at, y) => drawing.append(svg("text", { x: at, y, "text-anchor": "middle", "font-size": font }, words))
  if (data.expected) {
    const [from, to] = data.expected.map(x)
    drawing.append(svg("rect", { x: from, width: Math.max(to - from, 3), y: 1.6 * font, height: line - 1.6 * font, class: "expected" }))
    text(data.letter, (from + to) / 2, 1.2 * font)
  }
  drawing.append(svg("path", { class: "axis", d: `M${side - 10} ${line}H${width - side + 10}` }))
  data.values.forEach((value, i) => {
    const up = line - 12 - ((i * 0.618034) % 1) * 0.75 * (line - 2.4 * font) // equal values stand above each other
    drawing.append(svg("circle", { cx: x(value), cy: up, r: i === data.own ? 8 : 5, class: i === data.own ? "dot own" : "dot" }))
  })
  if (data.interval) drawing.append(svg("path", { class: "interval", d: `M${x(data.interval[0]).toFixed(1)} ${line}H${Math.max(x(data.interval[1]), x(data.interval[0]) + 4).toFixed(1)}` }))
  const taken = data.expected ? [(x(data.expected[0]) + x(data.expected[1])) / 2] : []
  for (const { value, letter } of data.tried) {
    drawing.append(svg("path", { class: "tried", d: `M${x(value)} ${line - 4}V${1.6 * font}` }))
    let at = x(value)
    while (taken.some((other) => Math.abs(other - at) < 1.2 * font)) at += 1.2 * font
    taken.push(at)
    text(letter, at, 1.2 * font)
  }
  for (const [value, words] of data.ticks) text(words, x(value), line + 1.5 * font)
  place.replaceChildren(drawing)
})
