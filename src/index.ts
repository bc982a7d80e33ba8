export type { ModelFactory } from './bridge/pythonia/launcher';
export type { Python, PythonObject, PythonValue } from './bridge/pythonia/python';
export type { AnalyticConfig, AnalyticConfigInput } from './config/analytic';
export { resolveAnalytic, resolveConfig } from './config/resolve';
export type { Config, ConfigInput } from './config/schema';
export {
  ConfigError,
  DataError,
  DeterminismError,
  DivergedError,
  DspttError,
  InterruptedError,
  JournalError,
  OutOfMemoryError,
  ProtocolError,
  UsageError,
  WorkerError,
} from './errors';
export { runAnalytic } from './experiment/analytic';
export { type ResumeRequest, resume } from './experiment/resume';
export { type RunRequest, run } from './experiment/run';
export { type RunEvent, type RunOptions, Session, type SessionOptions } from './experiment/session';
export { type OptimaResult, readOptima } from './store/optima';
export type { EnsembleResult, MemberResult, Result } from './store/result';
export { readResult } from './store/run-directory';
