import { dark, type Light, lightBetween } from "./lit-items";
import { type MapSize, placesBetween, placesOnScreen } from "./map-frame";

/** The inks of a map, as CSS colours. */
export interface Inks {
  readonly clicks: string;
  readonly words: string;
  readonly both: string;
  readonly item: string;
  readonly paper: string;
  /** The way in which inks lie over each other and over items: `multiply` on light paper, `screen` on dark. */
  readonly overprint: GlobalCompositeOperation;
}

/** Milliseconds in which lights change, and in which items move to their places in another space. */
const fading = 320;
const moving = 900;

/** Radius of the light around the first item of a ranking, in pixels. */
const glow = 14;

/**
 * Draws a map of items with lights, which change while someone types. The items are drawn when they move only, on a canvas that is
 * not seen, and copied under the lights: the browser would take longer to lay one canvas over another.
 */
export class MapPainter {
  readonly #canvas: HTMLCanvasElement;
  readonly #items = document.createElement("canvas");
  /** Items by the size of their points, which follows their popularity. */
  readonly #sizes: readonly { readonly radius: number; readonly items: readonly number[] }[];
  readonly #onMove: (places: Float32Array) => void;
  #inks: Inks;
  #size: MapSize = { width: 0, height: 0 };
  #coordinates: Float32Array;
  #from: Float32Array | undefined;
  #movedAt = 0;
  #lit: ReadonlyMap<number, Light> = new Map();
  #wasLit: ReadonlyMap<number, Light> = new Map();
  #litAt = 0;
  #pointed: number | undefined;
  #frame: number | undefined;
  #sprites = new Map<string, HTMLCanvasElement>();
  /** Places of the items on the screen, `[items, 2]`. */
  places: Float32Array = new Float32Array();

  constructor(
    canvas: HTMLCanvasElement,
    {
      coordinates,
      popularity,
      inks,
      onMove,
    }: {
      readonly coordinates: Float32Array;
      readonly popularity: readonly number[];
      readonly inks: Inks;
      /** Called with the places of the items whenever they have moved. */
      readonly onMove: (places: Float32Array) => void;
    },
  ) {
    this.#canvas = canvas;
    this.#coordinates = coordinates;
    this.#inks = inks;
    this.#onMove = onMove;
    this.#sizes = itemsBySize(popularity);
  }

  resize(size: MapSize): void {
    this.#size = size;
    for (const canvas of [this.#items, this.#canvas]) {
      canvas.width = Math.round(size.width * devicePixelRatio);
      canvas.height = Math.round(size.height * devicePixelRatio);
    }
    this.#from = undefined;
    this.#place(1);
    this.#paintItems();
    this.#paintLights(1);
  }

  recolour(inks: Inks): void {
    this.#inks = inks;
    this.#sprites.clear();
    this.#paintItems();
    this.#paintLights(1);
  }

  /** Moves all items to their coordinates in another space. */
  arrange(coordinates: Float32Array): void {
    if (coordinates === this.#coordinates) return;
    this.#from = isStill() ? undefined : this.places;
    this.#coordinates = coordinates;
    this.#movedAt = performance.now();
    this.#animate();
  }

  light(lit: ReadonlyMap<number, Light>): void {
    this.#wasLit = this.#lightsNow();
    this.#lit = lit;
    this.#litAt = performance.now();
    this.#animate();
  }

  point(item: number | undefined): void {
    if (item === this.#pointed) return;
    this.#pointed = item;
    this.#animate();
  }

  close(): void {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
  }

  #animate(): void {
    this.#frame ??= requestAnimationFrame(() => this.#paintFrame());
  }

  #paintFrame(): void {
    this.#frame = undefined;
    const now = performance.now();
    const moved = isStill() ? 1 : Math.min(1, (now - this.#movedAt) / moving);
    const faded = isStill() ? 1 : Math.min(1, (now - this.#litAt) / fading);
    if (this.#from) {
      this.#place(eased(moved));
      this.#paintItems();
      if (moved === 1) this.#from = undefined;
    } else if (moved < 1 || this.#movedAt > this.#litAt) {
      this.#place(1);
      this.#paintItems();
    }
    this.#paintLights(eased(faded));
    if (this.#from || faded < 1) this.#animate();
  }

  #place(share: number): void {
    const there = placesOnScreen(this.#coordinates, this.#size);
    this.places = this.#from && share < 1 ? placesBetween(this.#from, there, share) : there;
    this.#onMove(this.places);
  }

  #paintItems(): void {
    const context = cleared(this.#items, this.#size);
    if (!context) return;
    context.fillStyle = this.#inks.item;
    for (const { radius, items } of this.#sizes) {
      context.beginPath();
      for (const item of items) {
        const [x, y] = [this.places[2 * item], this.places[2 * item + 1]];
        // Circles of this size look like squares, which are drawn in half of the time.
        if (radius < 1.2) context.rect(x - radius, y - radius, 2 * radius, 2 * radius);
        else {
          context.moveTo(x + radius, y);
          context.arc(x, y, radius, 0, 2 * Math.PI);
        }
      }
      context.fill();
    }
  }

  #lightsNow(): ReadonlyMap<number, Light> {
    const share = isStill() ? 1 : eased(Math.min(1, (performance.now() - this.#litAt) / fading));
    return share === 1 ? this.#lit : mixed(this.#wasLit, this.#lit, share);
  }

  #paintLights(share: number): void {
    const context = cleared(this.#canvas, this.#size);
    if (!context || this.#items.width === 0 || this.#items.height === 0) return;
    context.drawImage(this.#items, 0, 0, this.#size.width, this.#size.height);
    const lights = share === 1 ? this.#lit : mixed(this.#wasLit, this.#lit, share);
    context.globalCompositeOperation = this.#inks.overprint;
    for (const ink of ["clicks", "words"] as const) {
      const sprite = this.#sprite(this.#inks[ink]);
      for (const [item, light] of lights) {
        if (light[ink] < 0.01) continue;
        const radius = glow * (0.35 + 0.65 * light[ink]);
        context.globalAlpha = 0.1 + 0.5 * light[ink];
        // Beside each other, so that the two are seen as two.
        const aside = ink === "clicks" ? -1.5 : 1.5;
        const [x, y] = [this.places[2 * item] + aside, this.places[2 * item + 1]];
        context.drawImage(sprite, x - radius, y - radius, 2 * radius, 2 * radius);
      }
    }
    context.globalCompositeOperation = "source-over";
    for (const [item, light] of lights) {
      if (light.both > 0.01) this.#dot(context, item, 4.2 * light.both, this.#inks.both);
      if (light.picked > 0.01) this.#ring(context, item, 7 * light.picked, this.#inks.clicks);
    }
    context.globalAlpha = 1;
    if (this.#pointed !== undefined) this.#ring(context, this.#pointed, 10, this.#inks.both);
  }

  #dot(context: CanvasRenderingContext2D, item: number, radius: number, colour: string): void {
    context.globalAlpha = 1;
    context.beginPath();
    context.arc(this.places[2 * item], this.places[2 * item + 1], radius, 0, 2 * Math.PI);
    context.fillStyle = colour;
    context.fill();
    context.lineWidth = 1.5;
    context.strokeStyle = this.#inks.paper;
    context.stroke();
  }

  #ring(context: CanvasRenderingContext2D, item: number, radius: number, colour: string): void {
    context.beginPath();
    context.arc(this.places[2 * item], this.places[2 * item + 1], radius, 0, 2 * Math.PI);
    context.lineWidth = 2.5;
    context.strokeStyle = colour;
    context.stroke();
  }

  /** A round light in a colour, drawn once. */
  #sprite(colour: string): HTMLCanvasElement {
    const known = this.#sprites.get(colour);
    if (known) return known;
    const sprite = document.createElement("canvas");
    const size = 2 * glow * 2;
    sprite.width = size;
    sprite.height = size;
    const context = sprite.getContext("2d");
    if (context) {
      const light = context.createRadialGradient(size / 2, size / 2, 0, size / 2, size / 2, size / 2);
      light.addColorStop(0, colour);
      light.addColorStop(0.45, `color-mix(in srgb, ${colour} 62%, transparent)`);
      light.addColorStop(1, `color-mix(in srgb, ${colour} 0%, transparent)`);
      context.fillStyle = light;
      context.fillRect(0, 0, size, size);
    }
    this.#sprites.set(colour, sprite);
    return sprite;
  }
}

/** Items in four groups by the logarithm of their popularity. Large catalogues have smaller points. */
function itemsBySize(popularity: readonly number[]) {
  const most = Math.log1p(popularity.reduce((greatest, value) => Math.max(greatest, value), 1));
  const scale = popularity.length > 3000 ? 0.6 : 1;
  const groups = [1, 1.5, 2, 2.7].map((radius) => ({ radius: scale * radius, items: [] as number[] }));
  for (const [item, users] of popularity.entries())
    groups[Math.min(3, Math.floor((4 * Math.log1p(users)) / most))].items.push(item);
  return groups;
}

function mixed(
  from: ReadonlyMap<number, Light>,
  to: ReadonlyMap<number, Light>,
  share: number,
): ReadonlyMap<number, Light> {
  const items = new Set([...from.keys(), ...to.keys()]);
  return new Map(
    Array.from(items, (item) => [item, lightBetween(from.get(item) ?? dark, to.get(item) ?? dark, share)]),
  );
}

function cleared(canvas: HTMLCanvasElement, { width, height }: MapSize): CanvasRenderingContext2D | null {
  const context = canvas.getContext("2d");
  context?.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
  context?.clearRect(0, 0, width, height);
  return context;
}

function eased(share: number): number {
  return 1 - (1 - share) ** 3;
}

function isStill(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
