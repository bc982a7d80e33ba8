/**
 * A schedule's rates, drawn together in proportion so that they start as they were and end at `last`. A schedule that never
 * falls stays as it is.
 */
export function endingAt(rates: Float64Array, last: number): Float64Array {
  const [from, to] = [rates[0], rates[rates.length - 1]];
  return from === to ? rates : rates.map((rate) => from + ((rate - from) * (last - from)) / (to - from));
}
