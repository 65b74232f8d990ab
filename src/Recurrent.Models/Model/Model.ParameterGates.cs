using Recurrent.Parameters;

namespace Recurrent.Models;

/// <content>Who may do what while somebody else is busy with the model.</content>
public partial class Model
{
    private static readonly GateWords Words = new(
        "predicts or evaluates with it",
        "model.Clone()",
        "A callback may predict, evaluate, save and set weights, but not train, compile or change layers.");

    private readonly ParameterGate ownGate = new(Words);
    private readonly ParameterGate stateGate = new(Words);
    private ParameterGate[]? gates;

    /// <summary>Keeps apart who reads the parameters and who changes them.</summary>
    private protected ParameterGates Gate { get; }

    /// <summary>Begins what changes the states that stateful layers carry, where there are any.</summary>
    private ParameterGate.Use ChangingStates(string action) => Context.IsStateful
        ? stateGate.Change(action, $"model '{Name}'")
        : default;

    internal override void CollectGates(ParameterGate own, List<ParameterGate> found) =>
        layers.ForEach(layer => layer.CollectGates(own, found));

    /// <summary>The gates of all layers, or the model's own where there are none.</summary>
    private ParameterGate[] FindGates()
    {
        if (gates is { } known)
        {
            return known;
        }

        var found = new List<ParameterGate>();
        CollectGates(ownGate, found);
        return gates = found.Count == 0 ? [ownGate] : [.. found];
    }
}
