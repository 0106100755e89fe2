// The compass of the lab: gradients and steps as arrows, sliders, and what each step does, in words from Python.
// While something moves, the steps of two heads come from a table that Python computed (`compass_table`), and the words
// are dimmed. Where the movement rests, Python is told, and answers with exact steps, numbers and sentences.
const { svg, html, set } = twoHeads.svg
const { short, floats } = twoHeads.numbers
const { plane, space, clamp } = twoHeads.compass
const REST = 120 // milliseconds without a movement before Python is told
const STYLE = `
  :host { display: block; container-type: inline-size; }
  .compass { display: grid; grid-template-columns: minmax(0, 1.25fr) minmax(0, 1fr); grid-template-rows: auto 1fr; gap: 18px 28px; color: var(--st-text-color); font-family: var(--st-font); font-size: 15px; line-height: 1.45; }
  .picture { grid-row: 1 / span 2; min-width: 0; }
  svg.plot { display: block; width: 100%; overflow: hidden; border: 1px solid var(--st-border-color); border-radius: var(--st-base-radius, 8px); touch-action: none; user-select: none; -webkit-user-select: none; }
  svg.plot text { fill: var(--st-text-color); font-size: 13px; }
  svg.plot .label { font-weight: 600; paint-order: stroke; stroke: var(--st-background-color); stroke-width: 4px; stroke-linejoin: round; }
  svg.plot .region { font-size: 12.5px; }
  svg.plot .both { font-weight: 650; }
  svg.plot .head { stroke: var(--st-background-color); stroke-width: 0.8; }
  svg.plot .casing { stroke: var(--st-background-color); }
  svg.plot :is(.casing, .shaft, .edge, .arc, .leader, .drop) { fill: none; }
  svg.plot .edge { stroke-width: 1.5; stroke-dasharray: 5 5; opacity: 0.8; }
  svg.plot .arc, svg.plot .leader, svg.plot .drop { stroke: var(--st-text-color); opacity: 0.55; }
  svg.plot .drop { stroke-dasharray: 2 4; }
  svg.plot .origin { fill: var(--st-text-color); }
  svg.plot .floor { fill: var(--st-text-color); fill-opacity: 0.05; stroke: var(--st-border-color); }
  svg.space { cursor: grab; }
  svg.stale { opacity: 0.4; }
  .tip { cursor: grab; outline: none; }
  .tip:active { cursor: grabbing; }
  .tip .reach { fill: transparent; }
  .tip .ring { fill: var(--st-background-color); stroke: var(--hue); stroke-width: 3; }
  .tip text { font-weight: 700; pointer-events: none; }
  .tip:hover .ring { stroke-width: 4.5; }
  .tip:focus-visible .ring { stroke-width: 4.5; outline: 2px solid var(--st-primary-color); outline-offset: 3px; border-radius: 50%; }
  svg.plot:focus-visible, input:focus-visible, .help:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 2px; }
  .hint { margin: 6px 0 0; font-size: 13px; }
  .sliders { display: grid; gap: 10px; align-content: start; }
  .slider { display: grid; grid-template-columns: 1fr auto; column-gap: 8px; align-items: center; }
  .slider label { font-size: 14px; }
  .slider output { font-weight: 650; font-variant-numeric: tabular-nums; }
  .slider input { grid-column: 1 / -1; width: 100%; margin: 2px 0 0; height: 24px; accent-color: var(--st-primary-color); cursor: pointer; }
  .help { position: relative; width: 20px; height: 20px; margin-left: 6px; padding: 0; font: 600 12px var(--st-font); border: 1px solid currentColor; border-radius: 50%; background: none; color: inherit; opacity: 0.8; cursor: help; }
  .help span { display: none; position: absolute; z-index: 3; top: 26px; left: 50%; translate: -50%; width: 240px; padding: 8px 10px; text-align: left; font-weight: 400; font-size: 13px; line-height: 1.4; color: var(--st-text-color); background: var(--st-background-color); border: 1px solid var(--st-border-color); border-radius: var(--st-base-radius, 8px); box-shadow: 0 4px 16px rgb(0 0 0 / 0.2); }
  .help:is(:hover, :focus-visible) { opacity: 1; }
  .help:is(:hover, :focus-visible) span { display: block; }
  .words { transition: opacity 120ms; }
  .moving .words { opacity: 0.35; }
  h2 { margin: 0 0 8px; font-size: 16px; font-weight: 650; line-height: 1.35; }
  ul { list-style: none; margin: 0; padding: 0; display: grid; gap: 7px; }
  li { display: grid; grid-template-columns: 34px 1fr; gap: 8px; }
  li svg { width: 34px; height: 20px; margin-top: 1px; }
  li strong.rises { text-decoration: underline; text-decoration-thickness: 2px; text-underline-offset: 3px; }
  p.note { margin: 8px 0 0; font-size: 14px; }
  @container (max-width: 720px) { .compass { grid-template-columns: minmax(0, 1fr); gap: 12px; } .picture { grid-row: auto; } .help span { left: auto; right: -40px; translate: none; } }
  @media (pointer: coarse) { .slider input { height: 36px; } }
  @media (prefers-reduced-motion: reduce) { .words { transition: none; } }`
const views = new WeakMap()
let known = null // the table of steps

twoHeads.register("compass_table", ({ data }) => {
  const steps = Object.fromEntries(Object.entries(data.steps).map(([key, text]) => [key, floats(text, data.angles.length * data.ratios.length * 2)]))
  known = { ...data, steps }
})

// The step of a method, interpolated; null where there is no table of it.
function tabled(key, angle, ratio) {
  const values = known?.steps[key]
  if (!values) return null
  const { angles, ratios } = known
  const [i, u] = between(angles, angle)
  const [j, v] = between(ratios, Math.log10(ratio))
  const at = (row, column, part) => values[2 * (row * ratios.length + column) + part]
  const [along, across] = [0, 1].map((part) =>
    (1 - u) * ((1 - v) * at(i, j, part) + v * at(i, j + 1, part)) + u * ((1 - v) * at(i + 1, j, part) + v * at(i + 1, j + 1, part)))
  const [half, size] = [(angle * Math.PI) / 360, Math.max(1, ratio)]
  return [size * (along * Math.cos(half) - across * Math.sin(half)), size * (along * Math.sin(half) + across * Math.cos(half))]
}

function between(nodes, value) {
  const above = nodes.findIndex((node) => node > value)
  const i = clamp((above < 0 ? nodes.length : above) - 1, 0, nodes.length - 2)
  return [i, clamp((value - nodes[i]) / (nodes[i + 1] - nodes[i]), 0, 1)]
}

function create(parent) {
  const plot = svg("svg", { class: "plot", role: "group" })
  const hint = html("p", { class: "hint" })
  const sliders = html("div", { class: "sliders" })
  const words = html("div", { class: "words", role: "status" })
  const root = html("section", { class: "compass" }, html("div", { class: "picture" }, plot, hint), sliders, words)
  parent.append(html("style", {}, STYLE), root)
  let data = null, tell = () => {}, values = {}, told = 0, timer = 0, waiting = false, picture = null, inputs = {}, size = "", spoken = ""

  const exact = () => Object.entries(data.values).every(([key, text]) => values[key] === text)

  // Takes new values of sliders and tips, as numbers: whole degrees, ratios in three digits.
  function move(changes) {
    for (const [key, value] of Object.entries(changes)) {
      const { low, high, log } = data.sliders.find((each) => each.key === key)
      const kept = clamp(value, low, high)
      values[key] = String(Number(log ? kept.toPrecision(3) : Math.round(kept)))
    }
    update()
    report()
  }

  function report() {
    clearTimeout(timer)
    waiting = true
    timer = setTimeout(rest, REST)
  }

  function rest() {
    clearTimeout(timer)
    waiting = false
    if (!exact()) tell({ ...values, turn: ++told })
  }

  function slider(each) {
    const name = `slider-${each.key}`
    const output = html("output", { for: name })
    const input = html("input", { type: "range", id: name, step: "any", min: each.log ? Math.log10(each.low) : each.low, max: each.log ? Math.log10(each.high) : each.high })
    const help = html("button", { class: "help", type: "button", "aria-label": `${each.label}: help. ${each.help}` }, "?", html("span", { "aria-hidden": "true" }, each.help))
    const value = () => Number(values[each.key])
    const by = (count) => move({ [each.key]: each.log ? value() * 10 ** (0.05 * count) : Math.round(value()) + count })
    input.addEventListener("input", () => move({ [each.key]: each.log ? 10 ** Number(input.value) : Number(input.value) }))
    input.addEventListener("change", rest)
    input.addEventListener("keydown", (event) => {
      const count = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10, Home: -1e4, End: 1e4 }[event.key]
      if (!count || event.ctrlKey || event.metaKey || event.altKey) return
      event.preventDefault()
      by(clamp(count, each.log ? -100 : -1e4, each.log ? 100 : 1e4))
    })
    inputs[each.key] = { input, output, each }
    return html("div", { class: "slider" }, html("div", {}, html("label", { for: name }, each.label), help), output, input)
  }

  function update() {
    for (const { input, output, each } of Object.values(inputs)) {
      const value = Number(values[each.key])
      input.value = each.log ? Math.log10(value) : value
      output.textContent = each.log ? short(value, 3) : `${short(value, 4)}°`
      input.setAttribute("aria-valuetext", output.textContent)
    }
    const right = exact()
    root.classList.toggle("moving", !right)
    plot.classList.toggle("stale", !right && data.third)
    words.setAttribute("aria-busy", String(!right))
    draw(right)
  }

  function draw(right) {
    const width = Math.floor(plot.parentNode.clientWidth)
    if (!width) return
    const height = Math.round(clamp(width * 0.78, 290, 440))
    if (size !== `${width} ${height}`) {
      size = `${width} ${height}`
      set(plot, { viewBox: `0 0 ${width} ${height}`, height })
    }
    const [angle, ratio] = [Number(values.angle), Number(values.ratio)]
    const steps = data.steps.map((step) => (right || data.third ? step : { ...step, ...moved(step, angle, ratio) }))
    picture.show({ ...data, steps, angle, ratio, length: short(ratio, 3), width, height, family: getComputedStyle(root).fontFamily })
  }

  function moved(step, angle, ratio) {
    const at = tabled(step.key, angle, ratio)
    return at ? { at, still: Math.hypot(...at) < 1e-3 * Math.min(1, ratio) } : { still: true }
  }

  const sentence = (parts, step) =>
    html("li", {}, sample(step), html("span", {}, ...parts.map(([text, kind]) => (kind ? html("strong", { class: kind }, text) : text))))

  const sample = ({ colour, dash }) => svg("svg", { viewBox: "0 0 34 20", "aria-hidden": "true" },
    svg("path", { d: "M1 10H23", fill: "none", stroke: colour, "stroke-width": 3, "stroke-dasharray": dash }), svg("path", { d: "M34 10L22 4.5V15.5Z", fill: colour }))

  function speak() {
    const text = JSON.stringify([data.answer, data.sentences, data.notes, data.steps.map(({ key }) => key)])
    if (text === spoken) return
    spoken = text
    words.replaceChildren(
      html("h2", {}, data.answer),
      html("ul", {}, ...data.sentences.map((parts, i) => sentence(parts, data.steps[i]))),
      ...data.notes.map((note) => html("p", { class: "note" }, note)),
    )
  }

  const watch = new ResizeObserver(() => { if (data && size.split(" ")[0] !== String(Math.floor(plot.parentNode.clientWidth))) update() })
  watch.observe(plot)
  const ignoreFonts = twoHeads.onFont(() => { if (data) update() })

  return {
    show(next, send) {
      tell = send
      const other = !data || data.third !== next.third
      // What moved here is newer than data that were sent before Python was told.
      const newer = !other && (waiting || next.turn < told)
      data = next
      if (!newer) {
        told = Math.max(told, next.turn)
        values = { ...next.values }
      }
      if (other) {
        picture?.leave()
        plot.classList.toggle("space", next.third)
        picture = next.third ? space(plot) : plane(plot, move, rest)
        inputs = {}
        sliders.replaceChildren(...next.sliders.map(slider))
      }
      set(plot, { "aria-label": next.label })
      hint.textContent = next.hint
      speak()
      update()
    },
    leave() {
      clearTimeout(timer)
      watch.disconnect()
      ignoreFonts()
      picture?.leave()
    },
  }
}

twoHeads.register("compass", ({ data, parentElement, setStateValue }) => {
  let view = views.get(parentElement)
  if (!view) views.set(parentElement, (view = create(parentElement)))
  view.show(data, (values) => setStateValue("values", values))
  return () => { view.leave(); views.delete(parentElement); parentElement.replaceChildren() }
})
