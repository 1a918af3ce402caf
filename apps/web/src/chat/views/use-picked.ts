import { useState } from "preact/hooks";

/** Several things of a list, by their ids. */
export interface Picked {
  readonly ids: ReadonlySet<string>;
  /** Picks one, or leaves it; more than the most are not taken. */
  readonly toggle: (id: string) => void;
}

/** Nothing is picked at first. `most` is no limit by default. */
export function usePicked(most = Number.POSITIVE_INFINITY): Picked {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const toggle = (id: string): void => {
    const next = new Set(ids);
    if (!next.delete(id) && next.size < most) next.add(id);
    setIds(next);
  };
  return { ids, toggle };
}
