namespace Recurrent.Parameters;

/// <summary>The gates of all layers of a model. There is one, unless the model shares layers with others, which then share its
/// gates.</summary>
internal sealed class ParameterGates
{
    private readonly string owner;
    private readonly Func<ParameterGate[]> current;

    /// <summary>Looks at the layers of a model.</summary>
    /// <param name="owner">The model, for messages: <c>model 'sequential'</c>.</param>
    /// <param name="current">The gates of its layers, at least one.</param>
    public ParameterGates(string owner, Func<ParameterGate[]> current)
    {
        this.owner = owner;
        this.current = current;
    }

    /// <inheritdoc cref="ParameterGate.Read"/>
    public ParameterGate.Use Read(string action)
    {
        ParameterGate[] gates = current();
        return gates.Length == 1 ? gates[0].Read(action, owner) : All(gates, gate => gate.Read(action, owner));
    }

    /// <inheritdoc cref="ParameterGate.Change"/>
    public ParameterGate.Use Change(string action, bool within = false, bool callsBack = false)
    {
        ParameterGate[] gates = current();
        return gates.Length == 1
            ? gates[0].Change(action, owner, within, callsBack)
            : All(gates, gate => gate.Change(action, owner, within, callsBack));
    }

    /// <inheritdoc cref="ParameterGate.RequireNoChange"/>
    public void RequireNoChange(string action)
    {
        foreach (ParameterGate gate in current())
        {
            gate.RequireNoChange(action, owner);
        }
    }

    /// <summary>All or none.</summary>
    private static ParameterGate.Use All(ParameterGate[] gates, Func<ParameterGate, ParameterGate.Use> begin)
    {
        var uses = new ParameterGate.Use[gates.Length];
        int begun = 0;
        try
        {
            for (; begun < gates.Length; begun++)
            {
                uses[begun] = begin(gates[begun]);
            }
        }
        catch
        {
            foreach (ParameterGate.Use use in uses.AsSpan(0, begun))
            {
                use.Dispose();
            }

            throw;
        }

        return new(uses);
    }
}
