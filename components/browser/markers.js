// The marker of a run's clock over its loss curves: a line at the epoch, a dot on each curve, and the values beside it.
// A veil covers later epochs, so the curves grow while the run plays.
// The curves stay Plotly's. The marker reads what a chart shows from its public `data` and `layout`, so it also follows
// a zoom, and it is drawn again after each of Plotly's own redraws.
const { svg } = twoHeads.svg
const { short } = twoHeads.numbers
const CHARTS = "[class*=st-key-curves-]:not([data-retained]) .js-plotly-plot"
const MARKER = "two-heads-marker"
const decoded = new WeakMap()

// Plotly's arrays: plain, or base64 with a type.
function numbers(array) {
  if (!array?.bdata) return array ?? []
  if (!decoded.has(array)) {
    const bytes = Uint8Array.from(atob(array.bdata), (letter) => letter.charCodeAt(0))
    const types = { f8: Float64Array, f4: Float32Array, i4: Int32Array, i2: Int16Array, i1: Int8Array, u4: Uint32Array, u2: Uint16Array, u1: Uint8Array }
    decoded.set(array, types[array.dtype] ? new types[array.dtype](bytes.buffer) : [])
  }
  return decoded.get(array)
}

const number = (value) => (value === null || value === undefined ? NaN : Number(value))

// The value of a line at an epoch, between two points as the line is drawn; NaN where there is none.
function valueAt(trace, epoch, log) {
  const x = numbers(trace.x), y = numbers(trace.y)
  for (let i = 0; i < x.length; i += 1) {
    if (Number(x[i]) === epoch) return number(y[i])
    if (i && x[i] > epoch && x[i - 1] < epoch) {
      const share = (epoch - x[i - 1]) / (x[i] - x[i - 1])
      const [a, b] = log ? [Math.log(number(y[i - 1])), Math.log(number(y[i]))] : [number(y[i - 1]), number(y[i])]
      const between = a + (b - a) * share
      return log ? Math.exp(between) : between
    }
  }
  return NaN
}

// A drawing of ours in a chart: over all of Plotly's, or behind its labels and what it shows under the pointer.
function drawing(plot, name, behind, ...content) {
  const place = plot.querySelector(".svg-container")
  let made = place?.querySelector(`:scope > .${name}`)
  if (place && !made) {
    made = svg("svg", { class: `${MARKER} ${name}`, "aria-hidden": "true", width: "100%", height: "100%" }, ...content)
    made.style.cssText = "position: absolute; inset: 0; pointer-events: none; overflow: hidden"
    const curves = behind && place.querySelector(":scope > .main-svg")
    if (curves) curves.after(made)
    else place.append(made)
  }
  return made
}

const overlay = (plot) => drawing(plot, "over", false, svg("line", { "stroke-width": 1.5, "stroke-opacity": 0.75 }), svg("g", { class: "dots" }), svg("g", { class: "values" }))
const veilOf = (plot) => drawing(plot, "veil", true, svg("rect", { style: "fill: var(--st-background-color, Canvas); fill-opacity: 0.85" }))

// The lines that carry a dot: those of the styles, in training and validation, or the only line of a chart.
function lines(plot, titles) {
  const drawn = (plot.data ?? []).filter((trace) => trace.mode !== "markers" && trace.hoverinfo !== "skip" && trace.line?.width !== 0 && numbers(trace.x).length > 1)
  const named = drawn.filter((trace) => titles.some((title) => trace.name === title || trace.name === `${title}, validation`))
  return named.length ? named : drawn.slice(0, 1)
}

function mark(plot, clock, titles) {
  const area = plot.querySelector(".nsewdrag")
  const { xaxis, yaxis } = plot.layout ?? {}
  const marker = area && Array.isArray(xaxis?.range) && Array.isArray(yaxis?.range) ? overlay(plot) : null
  if (!marker) return
  const [line, dots, values] = marker.children
  const veil = veilOf(plot)
  const [left, top, width, height] = ["x", "y", "width", "height"].map((name) => Number(area.getAttribute(name)))
  const log = yaxis.type === "log"
  const x = left + ((clock.epoch - xaxis.range[0]) / (xaxis.range[1] - xaxis.range[0])) * width
  const drawn = lines(plot, titles)
  const visible = drawn.length > 0 && x >= left - 0.5 && x <= left + width + 0.5
  marker.style.display = veil.style.display = visible ? "" : "none"
  if (!visible) return
  const colour = getComputedStyle(plot).color
  for (const [key, value] of Object.entries({ x1: x, x2: x, y1: top, y2: top + height, stroke: colour })) line.setAttribute(key, value)
  for (const [key, value] of Object.entries({ x, y: top, width: Math.max(0, left + width - x), height })) veil.firstChild.setAttribute(key, value)

  const points = drawn.map((trace) => {
    const value = valueAt(trace, clock.epoch, log)
    const share = ((log ? Math.log10(value) : value) - yaxis.range[0]) / (yaxis.range[1] - yaxis.range[0])
    return { colour: trace.line?.color ?? colour, y: top + height * (1 - share), weak: /, validation$/.test(trace.name) }
  })
  while (dots.childElementCount < points.length) dots.append(svg("circle"))
  while (dots.childElementCount > points.length) dots.lastChild.remove()
  points.forEach(({ colour: fill, y, weak }, i) => {
    const shown = y >= top - 1 && y <= top + height + 1
    for (const [key, value] of Object.entries({ cx: x, cy: shown ? y : 0, r: shown ? (weak ? 3 : 4.5) : 0, fill })) dots.children[i].setAttribute(key, value)
  })
  const still = clock.resting && clock.shown === clock.last // the lines' ends are named, and the title has their values
  for (const each of [veil, line, values]) each.style.display = still ? "none" : ""
  write(values, drawn.filter((trace) => !/, validation$/.test(trace.name)), clock.shown, { x, left, top, width, height, colour })
}

// The values at the epoch shown, in a box beside the line, on the side that has room for it.
function write(group, drawn, epoch, { x, left, top, width, height, colour }) {
  const rows = drawn.map((trace) => ({ colour: trace.line?.color ?? colour, words: valueAt(trace, epoch, false) })).filter((row) => Number.isFinite(row.words)).map((row) => ({ ...row, words: short(row.words, 3) }))
  const key = JSON.stringify([rows, epoch, colour])
  if (group.dataset.key !== key) {
    group.dataset.key = key
    group.replaceChildren()
    const box = svg("rect", { rx: 4, width: 10, height: 6 + 15 * (rows.length + 1), stroke: colour, "stroke-opacity": 0.25, style: "fill: var(--st-background-color, Canvas); fill-opacity: 0.88" })
    group.append(box)
    const text = (y, words, weight) => {
      const made = svg("text", { x: 6, y, fill: colour, style: `font: ${weight} 11px var(--st-font, sans-serif); font-variant-numeric: tabular-nums` })
      made.textContent = words
      group.append(made)
      return made
    }
    const all = [text(14, `epoch ${epoch}`, 600)]
    rows.forEach((row, i) => {
      group.append(svg("circle", { cx: 9, cy: 25 + 15 * i, r: 3.5, fill: row.colour }))
      const made = text(29 + 15 * i, row.words, 400)
      made.setAttribute("x", 17)
      all.push(made)
    })
    const right = Math.max(...all.map((made) => Number(made.getAttribute("x")) + (made.getComputedTextLength?.() ?? 50)))
    box.setAttribute("width", right + 6)
    group.dataset.width = right + 6
  }
  const own = Number(group.dataset.width)
  const beside = x + 8 + own <= left + width ? x + 8 : x - 8 - own
  group.setAttribute("transform", `translate(${Math.max(beside, left)} ${top + Math.max(0, Math.min(4, height - 60))})`)
}

// Draws the marker of `clock` over the curves until the returned function is called. `titles` are the styles' names.
twoHeads.markers = (clock, titles) => {
  const known = new WeakSet()
  let queued = 0
  const draw = () => {
    queued = 0
    for (const plot of document.querySelectorAll(CHARTS)) {
      if (!known.has(plot) && plot.on) { known.add(plot); plot.on("plotly_afterplot", queue) }
      mark(plot, clock, titles)
    }
  }
  const queue = () => { queued ||= requestAnimationFrame(draw) }
  const stop = clock.subscribe(draw)
  const watch = new MutationObserver((records) => {
    if (records.some(({ target }) => !target.closest?.(`.${MARKER}`))) queue()
  })
  watch.observe(document.body, { childList: true, subtree: true })
  return () => {
    stop()
    watch.disconnect()
    cancelAnimationFrame(queued)
    for (const marker of document.querySelectorAll(`.${MARKER}`)) marker.remove()
  }
}
