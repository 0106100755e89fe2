// @ts-check
// The style sheet of the diagram, in the theme's colours.
export const STYLE = `
.diagram { position: relative; container-type: inline-size; color: var(--st-text-color); font-family: var(--st-font); --cell: color-mix(in srgb, var(--st-text-color) 6%, var(--st-background-color)); }
.diagram h2 { margin: 0; font: var(--st-heading-font-weight-2, 650) var(--st-heading-font-size-2, 1.15rem)/1.3 var(--st-heading-font); color: var(--st-heading-color); }
.head { display: flex; gap: 12px; align-items: start; justify-content: space-between; min-height: 28px; margin-bottom: 6px; }
.sides { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 290px), 1fr)); gap: 4px 24px; }
.sides > div { min-width: 0; }
svg { display: block; overflow: visible; font-family: var(--st-font); touch-action: pan-x pan-y; }
svg text { user-select: none; pointer-events: none; }
svg text:not([fill]) { fill: var(--st-text-color); }
svg .name, svg .number { font-weight: 600; }
svg .faint:not([fill]) { fill: color-mix(in srgb, var(--st-text-color) 78%, var(--st-background-color)); }
svg .value { font-variant-numeric: tabular-nums; }
.box { fill-opacity: 0.13; stroke-width: 1.6; }
.moving .box { filter: drop-shadow(0 0 calc(var(--glow, 0) * 9px) var(--st-primary-color)); }
.trunk { transition: opacity 0.35s; }
.moving .trunk { opacity: 0.35; }
.frame { fill: none; stroke-width: 1.4; pointer-events: none; }
.ground { fill: var(--st-background-color); }
.ring { fill: none; stroke: var(--st-text-color); stroke-opacity: 0.38; stroke-width: 1; }
.neuron .number { pointer-events: none; }
.button { cursor: pointer; outline: none; }
.button:hover .ring { stroke-opacity: 1; stroke-width: 2; }
.button[aria-pressed=true] .ring { stroke-opacity: 1; stroke-width: 2.5; }
.button:focus-visible .ring { stroke: var(--st-primary-color); stroke-opacity: 1; stroke-width: 3.5; }
.soft .edge { transition: stroke-opacity 0.2s, stroke-width 0.2s; }
.foot { display: flex; flex-wrap: wrap; gap: 6px 14px; align-items: center; margin-top: 6px; min-height: 40px; font-size: 14px; }
.foot p { margin: 0; flex: 1 1 260px; }
.pill { border: 0; border-radius: 999px; padding: 7px 18px; font: 650 14px var(--st-font); cursor: pointer; color: light-dark(#ffffff, #0f141b); background: var(--st-primary-color); display: inline-flex; gap: 8px; align-items: center; transition: transform 0.15s, box-shadow 0.15s; }
.pill[hidden] { display: none; }
.pill:hover { transform: translateY(-1px); box-shadow: 0 3px 12px color-mix(in srgb, var(--st-primary-color) 45%, transparent); background: light-dark(#141a4a, #d5dbff); }
.pill:active { transform: none; }
.pill:focus-visible, .save:focus-visible, select:focus-visible { outline: 3px solid color-mix(in srgb, var(--st-primary-color) 60%, var(--st-text-color)); outline-offset: 2px; }
.pill svg { overflow: hidden; }
.choose { display: inline-flex; gap: 8px; align-items: center; font-size: 13px; }
.diagram select { font: 13px var(--st-font); color: var(--st-text-color); background: var(--st-secondary-background-color); border: 1px solid var(--st-border-color); border-radius: var(--st-base-radius); padding: 4px 6px; max-width: 190px; }
.save { border: 1px solid transparent; border-radius: var(--st-base-radius); background: none; color: var(--st-text-color); padding: 4px; cursor: pointer; line-height: 0; }
.save:hover { border-color: var(--st-border-color); background: var(--st-secondary-background-color); }
@container (max-width: 603px) { .body { display: flex; flex-direction: column; } .foot { order: -1; margin: 0 0 8px; } }
.legend { margin: 6px 0 0; font-size: 12px; line-height: 1.35; color: color-mix(in srgb, var(--st-text-color) 78%, var(--st-background-color)); }
.tooltip { position: absolute; z-index: 5; transform: translate(-50%, calc(-100% - 12px)); max-width: 260px; padding: 6px 9px; border-radius: 8px; font-size: 12px; line-height: 1.35; pointer-events: none; color: var(--st-text-color); background: var(--st-background-color); border: 1px solid var(--st-border-color); box-shadow: 0 4px 16px rgb(0 0 0 / 0.18); }
.tooltip strong { display: block; }
@media (prefers-reduced-motion: reduce) { .diagram * { transition: none !important; } }
`
