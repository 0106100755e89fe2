// @ts-check
// The style sheet of the compass, in the theme's colours.
export const STYLE = `
  :host { display: block; container-type: inline-size; }
  .compass { display: grid; grid-template-columns: minmax(0, 1.25fr) minmax(0, 1fr); gap: var(--space-5) var(--space-8); color: var(--st-text-color); font-family: var(--st-font); font-size: var(--font-body); line-height: 1.45; }
  .picture { min-width: 0; }
  svg.plot { display: block; width: 100%; overflow: hidden; border: 1px solid var(--st-border-color); border-radius: var(--radius); touch-action: none; user-select: none; -webkit-user-select: none; }
  svg.plot text { fill: var(--st-text-color); font-size: var(--font-small); }
  svg.plot .label { font-weight: 600; paint-order: stroke; stroke: var(--st-background-color); stroke-width: 4px; stroke-linejoin: round; }
  svg.plot .head { stroke: var(--st-background-color); stroke-width: 0.8; }
  svg.plot .casing { stroke: var(--st-background-color); }
  svg.plot :is(.casing, .shaft, .edge, .arc) { fill: none; }
  svg.plot .edge { stroke-width: 1.5; stroke-dasharray: 5 5; opacity: 0.8; }
  svg.plot .arc { stroke: var(--st-text-color); opacity: 0.55; }
  svg.plot .origin { fill: var(--st-text-color); }
  .name .ring { fill: var(--st-background-color); stroke-width: 3; }
  .name text { font-weight: 700; pointer-events: none; }
  .tip { cursor: grab; outline: none; }
  .tip:active { cursor: grabbing; }
  .tip .reach { fill: transparent; }
  .tip:is(:hover, :focus-visible) .ring { stroke-width: 4.5; }
  .tip:focus-visible .reach { stroke: var(--st-primary-color); stroke-width: 2.5; }
  .hint { margin: var(--space-2) 0 0; font-size: var(--font-small); }
  .hint span { margin-right: var(--space-5); white-space: nowrap; }
  .hint i { display: inline-block; width: 1.4em; height: 0.9em; margin-right: var(--space-2); opacity: 0.5; border-radius: var(--radius-small); }
  .words { transition: opacity 120ms; }
  .moving .words { opacity: 0.5; }
  h2 { margin: 0 0 var(--space-2); font-size: var(--font-body); font-weight: 650; line-height: 1.35; }
  ul { list-style: none; margin: 0; padding: 0; display: grid; gap: var(--space-2); }
  li { display: grid; grid-template-columns: 34px 1fr; gap: var(--space-2); }
  li svg { width: 34px; height: 20px; margin-top: 1px; }
  li strong.rises { text-decoration: underline; text-decoration-thickness: 2px; text-underline-offset: 3px; }
  p.note { margin: var(--space-2) 0 0; font-size: var(--font-note); }
  @container (max-width: 720px) { .compass { grid-template-columns: minmax(0, 1fr); gap: var(--space-3); } }
  @media (prefers-reduced-motion: reduce) { .words { transition: none; } }`
