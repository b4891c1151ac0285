/** `3 selected, 1 retained (ahead of the strongest baseline on confirm)`: what became of the candidates. */
export function describeConfirmed({ selected, retained }: { selected: number; retained: number }): string {
  return `${selected} selected, ${retained} retained (ahead of the strongest baseline on confirm)`;
}
