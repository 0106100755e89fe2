// @ts-check
// The style sheet of the compass, in the theme's colours.
export const STYLE = `
  :host { display: block; container-type: inline-size; }
  .compass { display: grid; grid-template-columns: minmax(0, 1.25fr) minmax(0, 1fr); grid-template-rows: auto 1fr; gap: var(--space-5) var(--space-8); color: var(--st-text-color); font-family: var(--st-font); font-size: var(--font-body); line-height: 1.45; }
  .picture { grid-row: 1 / span 2; min-width: 0; }
  svg.plot { display: block; width: 100%; overflow: hidden; border: 1px solid var(--st-border-color); border-radius: var(--radius); touch-action: none; user-select: none; -webkit-user-select: none; }
  svg.plot text { fill: var(--st-text-color); font-size: var(--font-small); }
  svg.plot .label { font-weight: 600; paint-order: stroke; stroke: var(--st-background-color); stroke-width: 4px; stroke-linejoin: round; }
  svg.plot .region { font-size: var(--font-small); }
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
  .tip:focus-visible .ring { stroke-width: 4.5; outline: var(--focus); outline-offset: 3px; border-radius: var(--radius-round); }
  svg.plot:focus-visible, input:focus-visible, .help:focus-visible { outline: var(--focus); outline-offset: 2px; }
  .hint { margin: var(--space-2) 0 0; font-size: var(--font-small); }
  .sliders { display: grid; gap: var(--space-3); align-content: start; }
  .slider { display: grid; grid-template-columns: 1fr auto; column-gap: var(--space-2); align-items: center; }
  .slider label { font-size: var(--font-note); }
  .slider output { font-weight: 650; font-variant-numeric: tabular-nums; }
  .slider input { grid-column: 1 / -1; width: 100%; margin: 2px 0 0; height: 24px; accent-color: var(--st-primary-color); cursor: pointer; }
  .help { position: relative; width: 20px; height: 20px; margin-left: var(--space-2); padding: 0; font: 600 var(--font-tiny) var(--st-font); border: 1px solid currentColor; border-radius: var(--radius-round); background: none; color: inherit; opacity: 0.8; cursor: help; }
  .help span { display: none; position: absolute; z-index: 3; top: 26px; left: 50%; translate: -50%; width: 240px; padding: var(--space-2) var(--space-3); text-align: left; font-weight: 400; font-size: var(--font-small); line-height: 1.4; color: var(--st-text-color); background: var(--over); border: 1px solid var(--st-border-color); border-radius: var(--radius); box-shadow: var(--shadow-over); }
  .help:is(:hover, :focus-visible) { opacity: 1; }
  .help:is(:hover, :focus-visible) span { display: block; }
  .words { transition: opacity 120ms; }
  .moving .words { opacity: 0.35; }
  h2 { margin: 0 0 var(--space-2); font-size: var(--font-body); font-weight: 650; line-height: 1.35; }
  ul { list-style: none; margin: 0; padding: 0; display: grid; gap: var(--space-2); }
  li { display: grid; grid-template-columns: 34px 1fr; gap: var(--space-2); }
  li svg { width: 34px; height: 20px; margin-top: 1px; }
  li strong.rises { text-decoration: underline; text-decoration-thickness: 2px; text-underline-offset: 3px; }
  p.note { margin: var(--space-2) 0 0; font-size: var(--font-note); }
  @container (max-width: 720px) { .compass { grid-template-columns: minmax(0, 1fr); gap: var(--space-3); } .picture { grid-row: auto; } .help span { left: auto; right: -40px; translate: none; } }
  @media (pointer: coarse) { .slider input { height: 36px; } }
  @media (prefers-reduced-motion: reduce) { .words { transition: none; } }`
