export type { ModelFactory } from './bridge/pythonia/launcher';
export type { Python, PythonObject, PythonValue } from './bridge/pythonia/python';
export type { RemoteWorkerOptions } from './bridge/remote-launcher';
export type { AnalyticConfig, AnalyticConfigInput } from './config/analytic';
export { type ConfigLayer, resolveAnalytic, resolveConfig } from './config/resolve';
export type { Config, ConfigInput } from './config/schema';
export type { Progress } from './data/download';
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
export type { Descent, DescentAnswer, Evaluation, Executor, Split, Task } from './executor/executor';
export type { ProgramProgress } from './executor/torch';
export { runAnalytic } from './experiment/analytic';
export type { Curves, Descent as DescentCurve, Search as SearchCurve } from './experiment/curves';
export { type Exported, type ExportRequest, exportEnsemble, type ModelFormat } from './experiment/export';
export { type ChosenEnsemble, type Predicted, type PredictRequest, predict } from './experiment/predict';
export { type ReportRuns, reportRuns } from './experiment/report-runs';
export { type ResumeRequest, resume } from './experiment/resume';
export { type RunRequest, run } from './experiment/run';
export { type NetworkView, type RunView, type Stretch, viewRun } from './experiment/run-view';
export { type OpenOptions, type RunEvent, type RunOptions, Session, type SessionOptions } from './experiment/session';
export { type LoadedEnsemble, loadEnsemble } from './inference/load-ensemble';
export { addMethod, type MethodEntry } from './methods';
export { dspTt } from './methods/dsp-tt';
export type { Candidate, EnsembleSpec, Method, MethodContext, MethodOutcome, Trace } from './methods/method';
export { type ReportParts, renderReport } from './report/page';
export { type OptimaResult, readOptima } from './store/optima';
export type { KeptOutputs } from './store/outputs';
export type { EnsembleResult, MemberResult, Result } from './store/result';
export { readResult } from './store/run-directory';
export type { OptimaRecord, Times } from './store/run-record';
export type { MethodEvent, PathView } from './trust-tech/events';
export type { ExitPoint } from './trust-tech/path-states';
export type {
  DirectionScale as Scale,
  Floats,
  SearchAnswer,
  SearchProgram,
  SearchSpace,
  Solver,
} from './trust-tech/space';
