export interface Item {
  readonly id: number;
  readonly name: string;
  readonly isMarked: boolean;
}

export function createItems(first: number, count: number): Item[] {
  return Array.from({ length: count }, (_, index) => ({
    id: first + index,
    name: `Item ${first + index}`,
    isMarked: false,
  }));
}
