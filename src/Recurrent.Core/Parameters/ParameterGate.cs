namespace Recurrent.Parameters;

/// <summary>
/// Keeps apart who reads the parameters of a model and who changes them: any number may read at once, and who changes is alone. Nobody waits:
/// what comes at the wrong time is refused, since it would work on weights that are half one thing and half another.
/// </summary>
internal sealed class ParameterGate
{
    /// <summary>Stands for one who changes; above it are numbers of readers.</summary>
    private const int Changing = -1;

    private readonly AsyncLocal<object?> flow = new();
    private readonly string model;
    private int users;
    private object? owner;
    private string change = "a change";

    public ParameterGate(string model) => this.model = model;

    /// <summary>Begins to read; whoever is called back by one who changes may.</summary>
    /// <param name="action">What is done, as the caller wrote it: <c>Predict</c>.</param>
    /// <exception cref="InvalidOperationException">Somebody else is changing the parameters.</exception>
    public Use Read(string action)
    {
        int seen = Volatile.Read(ref users);
        while (true)
        {
            if (seen < 0)
            {
                return IsOwn ? default : throw Refused(action);
            }

            int found = Interlocked.CompareExchange(ref users, seen + 1, seen);
            if (found == seen)
            {
                return new Use(this, changes: false);
            }

            seen = found;
        }
    }

    /// <summary>Begins to change.</summary>
    /// <param name="action">What is done.</param>
    /// <param name="within">Whether whoever is called back by another change may, as a callback of <c>Fit</c> may set weights.</param>
    /// <param name="callsBack">Whether foreign code is called meanwhile, which may read.</param>
    /// <exception cref="InvalidOperationException">Somebody is reading or changing the parameters.</exception>
    public Use Change(string action, bool within = false, bool callsBack = false)
    {
        int found = Interlocked.CompareExchange(ref users, Changing, 0);
        if (found == Changing && within && IsOwn)
        {
            return default;
        }

        if (found != 0)
        {
            throw found > 0
                ? new InvalidOperationException(
                    $"{action} of model '{model}' was called while another thread predicts or evaluates with it. Wait until it is done, or let the other thread use a copy: model.Clone().")
                : Refused(action);
        }

        change = action;
        if (callsBack)
        {
            owner = new object();
            flow.Value = owner;
        }

        return new Use(this, changes: true);
    }

    /// <summary>Refuses while somebody else is changing the parameters; a look, and no promise that nobody begins to.</summary>
    /// <exception cref="InvalidOperationException">Somebody is.</exception>
    public void RequireNoChange(string action)
    {
        if (Volatile.Read(ref users) < 0 && !IsOwn)
        {
            throw Refused(action);
        }
    }

    // What a callback starts on other threads belongs to the change too.
    private bool IsOwn => owner is { } own && ReferenceEquals(flow.Value, own);

    private InvalidOperationException Refused(string action) => new(IsOwn
        ? $"{action} of model '{model}' was called within its {change}. A callback may predict, evaluate, save and set weights, but not train, compile or change layers."
        : $"{action} of model '{model}' was called while {change} is running on another thread. Wait until it has returned, or use a copy: model.Clone().");

    private void EndChange()
    {
        if (owner is not null)
        {
            owner = null;
            flow.Value = null;
        }

        Volatile.Write(ref users, 0);
    }

    /// <summary>Ends what was begun.</summary>
    internal readonly struct Use : IDisposable
    {
        private readonly ParameterGate? gate;
        private readonly bool changes;

        public Use(ParameterGate gate, bool changes)
        {
            this.gate = gate;
            this.changes = changes;
        }

        public void Dispose()
        {
            if (gate is null)
            {
                return;
            }

            if (changes)
            {
                gate.EndChange();
            }
            else
            {
                Interlocked.Decrement(ref gate.users);
            }
        }
    }
}
