export type { Place } from './bridge/placed/placement';
export type { RayPlace } from './bridge/placed/ray-launcher';
export type { ModelFactory } from './bridge/pythonia/launcher';
export type { Python, PythonObject, PythonValue } from './bridge/pythonia/python';
export { type ListedModel, listModels, type ModelList, type ModelsRequest } from './bridge/workers/models';
export type { RemoteWorkerOptions } from './bridge/workers/remote-launcher';
export {
  type CompareOptions,
  type Contender,
  compare,
  type FinishedRun,
  type RunOutcome,
} from './comparison/compare';
export { type ComparisonOptions, comparisonOf } from './comparison/contrast';
export { type SweepCell, type SweepOptions, sweep } from './comparison/sweep';
export type { AnalyticConfig, AnalyticConfigInput } from './config/closed-form';
export { type ConfigLayer, resolveAnalytic, resolveConfig } from './config/resolve';
export type { Config, ConfigInput } from './config/schema';
export type { Curves, DescentCurve, SearchCurve } from './curves/curve';
export type { Outputs } from './ensemble/combine';
export type { TaskKind } from './ensemble/task-kind';
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
export type { Descent, DescentAnswer, Evaluation, Executor, Split, Task, ValidationPoint } from './executor/executor';
export type { Places } from './executor/places';
export type { ProgramProgress } from './executor/program-progress';
export { type Exported, type ExportRequest, exportEnsemble, type ModelFormat } from './inference/export';
export { type LoadedEnsemble, type LoadOptions, loadEnsemble } from './inference/load-ensemble';
export { type ChosenEnsemble, type Predicted, type PredictRequest, predict } from './inference/predict';
export { addMethod, type Method, type MethodContext, type MethodEntry } from './methods';
export { dspTt } from './methods/dsp-tt';
export type { Candidate, EnsembleSpec, FittedTier, MethodOutcome, Trace } from './methods/method';
export type { ReportParts } from './report/page/parts';
export { renderReport } from './report/page/render-report';
export { type ReportRuns, reportRuns } from './report/read-runs';
export { type NetworkView, type RunView, type Stretch, viewRun } from './report/run-view';
export { runAnalytic } from './run/closed-form';
export type { DownloadProgress as Progress } from './run/data/download';
export { type Arrays, type ArraysOptions, writeArrays } from './run/data/write-arrays';
export type { RunEvent } from './run/events';
export type { OpenOptions, RunOptions, SessionOptions } from './run/options';
export { type ResumeRequest, resume } from './run/resume';
export { type RunRequest, run } from './run/run';
export { runEvents } from './run/run-events';
export type { AtOnceOptions } from './run/session/at-once';
export { Session } from './run/session/session';
export type { Comparison } from './store/comparison';
export type { Numbers } from './store/disk/npy';
export { type OptimaResult, readOptima } from './store/optima';
export type { KeptOutputs } from './store/outputs';
export type { EnsembleResult, MemberResult, Result } from './store/result';
export { readResult } from './store/run-directory';
export type { OptimaRecord, Times } from './store/run-record';
export type { SweepRow } from './store/sweep';
export type { FittedSearch } from './trust-tech/auto';
export type { MethodEvent, PathView, StoppedTraining } from './trust-tech/events';
export type { DetectorOptions } from './trust-tech/exit-detector';
export type { ExitPoint } from './trust-tech/exit-point';
export type { Pace } from './trust-tech/pace';
export type {
  DirectionScale as Scale,
  Floats,
  SearchAnswer,
  SearchProgram,
  SearchSpace,
  Solver,
  StartLoss,
} from './trust-tech/space';
export type { ExitVerification, Projected } from './verification/exit-view';
export type { Integration } from './verification/integrate';
export type { Verdict } from './verification/judge-ends';
export type { FinishedRun as VerifiedRun } from './verification/open-run';
export type { PathPoint } from './verification/path-points';
export {
  type ExitVerdict,
  type Sample,
  type VerifyOptions,
  verifyExit,
} from './verification/verify-exit';
