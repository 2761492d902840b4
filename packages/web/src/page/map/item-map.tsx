import { useEffect, useId, useMemo, useRef, useState } from "preact/hooks";
import type { Space } from "../../content/page-content";
import type { Rankings } from "../model/answers";
import type { Catalogue } from "../state/catalogue";
import { litItems } from "./lit-items";
import { MapLabels } from "./map-labels";
import { MapPainter } from "./map-painter";
import { nearestItem } from "./nearest-item";
import { useInks } from "./use-inks";

/** Pixels from an item within which the pointer means it. */
const reach = 14;

interface ItemMapProps {
  readonly catalogue: Catalogue;
  /** The space that arranges the items. */
  readonly space: Space;
  readonly rankings: Rankings | undefined;
  readonly listLength: number;
  readonly picks: readonly number[];
  readonly pointed: number | undefined;
  readonly onPoint: (item: number | undefined) => void;
  readonly onPick: ((item: number) => void) | undefined;
}

/**
 * All items as points, in which the recommendations light up. Everything that it offers to a pointer is in the lists and the
 * combobox, too; a screen reader hears what it shows.
 */
export function ItemMap({
  catalogue,
  space,
  rankings,
  listLength,
  picks,
  pointed,
  onPoint,
  onPick,
}: ItemMapProps) {
  const id = useId();
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const painter = useRef<MapPainter | undefined>(undefined);
  const [places, setPlaces] = useState<Float32Array>(new Float32Array());
  const inks = useInks(frame);
  const coordinates = catalogue.maps[space] ?? catalogue.maps.clicks;
  const lit = useMemo(() => litItems(rankings, picks, listLength), [rankings, picks, listLength]);
  const hasInks = inks !== undefined;

  // The painter is told what changes afterwards.
  useEffect(() => {
    if (!frame.current || !canvas.current || !inks) return;
    const created = new MapPainter(canvas.current, {
      coordinates,
      popularity: catalogue.popularity,
      inks,
      onMove: setPlaces,
    });
    painter.current = created;
    const observer = new ResizeObserver(([{ contentRect }]) => created.resize(contentRect));
    observer.observe(frame.current);
    created.light(lit);
    return () => {
      observer.disconnect();
      created.close();
    };
  }, [catalogue, hasInks]);
  useEffect(() => {
    if (inks) painter.current?.recolour(inks);
  }, [inks]);
  useEffect(() => painter.current?.arrange(coordinates), [coordinates]);
  useEffect(() => painter.current?.light(lit), [lit]);
  useEffect(() => painter.current?.point(pointed), [pointed]);

  const itemAt = ({ offsetX, offsetY }: MouseEvent) => nearestItem(places, { x: offsetX, y: offsetY }, reach);
  const shown = rankings?.both.slice(0, listLength) ?? [];
  const names = shown.map((item) => catalogue.itemNames[item]);
  return (
    <figure class="map">
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the combobox picks any item by the keyboard. */}
      <div
        class="map-frame"
        ref={frame}
        role="img"
        aria-label={`Map of ${catalogue.itemNames.length} items`}
        aria-describedby={id}
        onPointerMove={(event) => onPoint(itemAt(event))}
        onPointerLeave={() => onPoint(undefined)}
        onClick={(event) => {
          const item = itemAt(event);
          if (item !== undefined) onPick?.(item);
        }}
      >
        <canvas ref={canvas} />
        <MapLabels places={places} items={shown} pointed={pointed} names={catalogue.itemNames} />
      </div>
      <figcaption id={id} class="unseen">
        {names.length > 0 ? `Lit up: ${names.join("; ")}` : "Nothing is lit up."}
      </figcaption>
    </figure>
  );
}
