// @ts-check
// What Plotly's charts show of a run's clock. Over its loss curves, a line stands at the epoch, and a veil covers later
// epochs, so the curves grow while the run plays. The points of its predictions move.
// The charts stay Plotly's. All of this is done again after each of Plotly's own redraws.
import { bytesOf, clamp } from "./numbers.js"
import { html, set } from "./svg.js"

/** @import { Clock } from "./clock.js" */

/** The codes of a value that was NaN or infinite, and of the upper end of the axis. 0 is its lower end. */
export const MISSING = 255
const LEVELS = 254
const CURVES = "[class*=st-key-curves-]:not([data-retained]) :--plot"
const PREDICTIONS = "[class*=st-key-predictions-]:not([data-retained]) :--plot"
const MARKER = "two-heads-marker"
/** @type {WeakMap<object, Uint8Array>} */
const decoded = new WeakMap() // the codes of each trace

/**
 * A chart of Plotly. The `meta` of a trace of predictions has the codes of its points, frame after frame, as base64.
 * @typedef {Element & {
 *   data?: { meta?: string }[],
 *   layout?: { xaxis?: { range?: [number, number] } },
 *   on?: (event: string, listener: () => void) => void,
 * }} Plot
 */

/**
 * Where the plotting area of a chart is, in pixels.
 * @param {Plot} plot
 */
function areaOf(plot) {
  const area = plot.querySelector(".nsewdrag")
  return ["x", "y", "width", "height"].map((name) => Number(area?.getAttribute(name)))
}

/**
 * Moves the line and the veil of a chart; they are behind its labels and hover boxes.
 * @param {Plot} plot
 * @param {Clock} clock
 */
function mark(plot, clock) {
  const curves = plot.querySelector(".svg-container > :--plot-drawing")
  const [first, last] = plot.layout?.xaxis?.range ?? []
  if (!curves || first === undefined || last === undefined) return
  if (!curves.nextElementSibling?.matches(`.${MARKER}`)) curves.after(html("div", { class: MARKER }))
  const [left, top, width, height] = areaOf(plot)
  const x = width * clamp((clock.epoch - first) / (last - first), 0, 1)
  const place = `left: ${left + x}px; top: ${top}px; width: ${width - x}px; height: ${height}px`
  set(/** @type {Element} */ (curves.nextElementSibling), { style: clock.ended ? "display: none" : place })
}

/**
 * The code of a point between two frames.
 * @param {ArrayLike<number>} codes
 * @param {number} count how many points there are
 * @param {Moment} moment
 * @param {number} i
 */
export function codeAt(codes, count, { from, to, share }, i) {
  const [a, b] = [codes[from * count + i], codes[to * count + i]]
  if (share === 0) return a
  return a === MISSING || b === MISSING ? MISSING : a + (b - a) * share
}

/**
 * Moves the points of a chart of predictions. Plotly draws a point at each target.
 * @param {Plot} plot
 * @param {Clock} clock
 */
function move(plot, clock) {
  const height = areaOf(plot)[3]
  const moment = clock.between()
  const traces = plot.querySelectorAll(":--plot-points")
  plot.data?.forEach((trace, at) => {
    const codes = decoded.get(trace) ?? bytesOf(trace.meta ?? "")
    decoded.set(trace, codes)
    const points = traces[at]?.querySelectorAll(".point") ?? []
    if (codes.length !== points.length * clock.frames.length) return // those of another run
    points.forEach((point, i) => {
      const code = codeAt(codes, points.length, moment, i)
      const x = point.getAttribute("transform")?.match(/[\d.]+/)?.[0]
      const place = { transform: `translate(${x},${height * (1 - code / LEVELS)})` }
      set(point, { ...place, visibility: code === MISSING ? "hidden" : null })
    })
  })
}

/**
 * Shows `clock` in the charts of its run, until the returned function is called.
 * @param {Clock} clock
 */
export function markers(clock) {
  /** @type {WeakSet<Plot>} */
  const known = new WeakSet()
  let queued = 0
  /** @param {string} charts */
  const plotsOf = (charts) => {
    const plots = /** @type {Plot[]} */ ([...document.querySelectorAll(charts)])
    for (const plot of plots) {
      if (known.has(plot) || !plot.on) continue
      known.add(plot)
      plot.on("plotly_afterplot", queue)
    }
    return plots
  }
  const draw = () => {
    queued = 0
    for (const plot of plotsOf(CURVES)) mark(plot, clock)
    for (const plot of plotsOf(PREDICTIONS)) move(plot, clock)
  }
  const queue = () => {
    queued ||= requestAnimationFrame(draw)
  }
  const stop = clock.subscribe(draw)
  const watch = new MutationObserver(queue)
  watch.observe(document.body, { childList: true, subtree: true })
  return () => {
    stop()
    watch.disconnect()
    cancelAnimationFrame(queued)
    for (const marker of document.querySelectorAll(`.${MARKER}`)) marker.remove()
  }
}
