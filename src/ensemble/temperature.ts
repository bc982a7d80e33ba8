import type { Outputs, Targets } from './combine';
import { logOf } from './metrics';

/** Temperatures are searched from 1/HOTTEST to HOTTEST: for predictions without an error the best temperature is 0. */
const HOTTEST = 100;
const MOST_STEPS = 100;

/**
 * Returns the temperature T at which probabilities [samples, classes], taken as softmax(log p / T), have the lowest
 * cross-entropy (Guo et al. 2017); to be fitted on validation data. 1 changes nothing, above 1 lowers the confidence.
 * The cross-entropy is convex in b = 1/T: its slope is the mean over samples of (expected log p at b) - (log p of the
 * truth), its curvature the mean variance of log p. So Newton's method, kept in a bracket by bisection, finds the
 * minimum.
 */
export function fitTemperature(probabilities: Outputs, targets: Targets): number {
  const logs = logsOf(probabilities);
  let [low, high] = [1 / HOTTEST, HOTTEST];
  let b = 1;
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const { slope, curvature } = derivatives(logs, targets, b);
    if (slope === 0) break;
    if (slope > 0) high = b;
    else low = b;
    const newton = b - slope / curvature;
    if (Math.abs(newton - b) <= 1e-12 * b) break; // tested before the bracket, of which b is an end
    // A step that leaves the bracket is replaced by the bracket's middle on a logarithmic scale
    const next = newton > low && newton < high ? newton : Math.sqrt(low * high);
    if (Math.abs(next - b) <= 1e-12 * b) break;
    b = next;
  }
  return 1 / b;
}

/** Returns the cross-entropy in nats of probabilities [samples, classes] after a temperature. */
export function lossAtTemperature(probabilities: Outputs, targets: Targets, temperature: number): number {
  const classes = probabilities.length / targets.length;
  const logs = logsOf(probabilities);
  let sum = 0;
  for (let sample = 0; sample < targets.length; sample += 1) {
    const row = sample * classes;
    const top = largest(logs, row, classes) / temperature;
    let mass = 0;
    for (let c = row; c < row + classes; c += 1) mass += Math.exp(logs[c] / temperature - top);
    sum += top + Math.log(mass) - logs[row + targets[sample]] / temperature;
  }
  return sum / targets.length;
}

/** Returns the first and second derivative of the cross-entropy with respect to the inverse temperature b. */
function derivatives(logs: Float64Array, targets: Targets, b: number): { slope: number; curvature: number } {
  const classes = logs.length / targets.length;
  let slope = 0;
  let curvature = 0;
  for (let sample = 0; sample < targets.length; sample += 1) {
    const row = sample * classes;
    const truth = logs[row + targets[sample]];
    const top = largest(logs, row, classes);
    let mass = 0;
    let first = 0;
    let second = 0;
    for (let c = row; c < row + classes; c += 1) {
      const weight = Math.exp(b * (logs[c] - top));
      const above = logs[c] - truth; // relative to the truth, so that no large numbers cancel
      mass += weight;
      first += weight * above;
      second += weight * above * above;
    }
    slope += first / mass;
    curvature += second / mass - (first / mass) ** 2;
  }
  return { slope: slope / targets.length, curvature: curvature / targets.length };
}

function logsOf(probabilities: Outputs): Float64Array {
  const logs = new Float64Array(probabilities.length);
  for (let i = 0; i < logs.length; i += 1) logs[i] = logOf(probabilities[i]);
  return logs;
}

function largest(values: Float64Array, row: number, classes: number): number {
  let most = values[row];
  for (let c = row + 1; c < row + classes; c += 1) if (values[c] > most) most = values[c];
  return most;
}
