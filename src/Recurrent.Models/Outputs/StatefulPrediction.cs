using Recurrent.States;

namespace Recurrent.Models;

/// <summary>What a model gives for sequences, and what it remembers of them.</summary>
/// <param name="Output">The outputs; the first axis counts samples.</param>
/// <param name="State">The state after the last step, to go on from.</param>
public sealed record StatefulPrediction(NDArray Output, ModelState State);
