namespace Recurrent.Training;

/// <summary>How far the training of a model has come.</summary>
/// <param name="Epochs">Epochs begun so far: names the next order of samples.</param>
/// <param name="Steps">Updates done so far: names the next draws of dropout.</param>
internal readonly record struct TrainingProgress(long Epochs, long Steps);
