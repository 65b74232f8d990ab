namespace Recurrent.Parameters;

/// <summary>
/// Keeps apart who reads parameters and who changes them: any number may read at once, and who changes is alone. Nobody waits:
/// what comes at the wrong time is refused, since it would work on weights that are half one thing and half another.
/// </summary>
/// <param name="words">What it says to those it refuses.</param>
internal sealed class ParameterGate(GateWords words)
{
    /// <summary>Stands for one who changes; above it are numbers of readers.</summary>
    private const int Changing = -1;

    private readonly AsyncLocal<object?> flow = new();
    private int users;
    private object? token;
    private string change = "a change";

    /// <summary>Begins to read; whoever is called back by one who changes may.</summary>
    /// <param name="action">What is done, as the caller wrote it: <c>Predict</c>.</param>
    /// <param name="owner">Whose parameters they are, for messages: <c>model 'sequential'</c>.</param>
    /// <exception cref="InvalidOperationException">Somebody else is changing the parameters.</exception>
    public Use Read(string action, string owner)
    {
        int seen = Volatile.Read(ref users);
        while (true)
        {
            if (seen < 0)
            {
                return IsOwn ? default : throw Refused(action, owner);
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
    /// <param name="owner">Whose parameters they are, for messages.</param>
    /// <param name="within">Whether whoever is called back by another change may, as a callback of <c>Fit</c> may set
    /// weights.</param>
    /// <param name="callsBack">Whether foreign code is called meanwhile, which may read.</param>
    /// <exception cref="InvalidOperationException">Somebody is reading or changing the parameters.</exception>
    public Use Change(string action, string owner, bool within = false, bool callsBack = false)
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
                    $"{action} of {owner} was called while another thread {words.Reader}. Wait until it is done, or let the "
                    + $"other thread use a copy: {words.Copy}.")
                : Refused(action, owner);
        }

        change = action;
        if (callsBack)
        {
            token = new object();
            flow.Value = token;
        }

        return new Use(this, changes: true);
    }

    /// <summary>Refuses while somebody else is changing the parameters; a look, and no promise that nobody begins to.</summary>
    /// <exception cref="InvalidOperationException">Somebody is.</exception>
    public void RequireNoChange(string action, string owner)
    {
        if (Volatile.Read(ref users) < 0 && !IsOwn)
        {
            throw Refused(action, owner);
        }
    }

    // What a callback starts on other threads belongs to the change too.
    private bool IsOwn => token is { } own && ReferenceEquals(flow.Value, own);

    private InvalidOperationException Refused(string action, string owner) => new(IsOwn
        ? $"{action} of {owner} was called within its {change}. {words.WithinChange}"
        : $"{action} of {owner} was called while {change} is running on another thread. Wait until it has returned, or use a "
            + $"copy: {words.Copy}.");

    private void EndChange()
    {
        if (token is not null)
        {
            token = null;
            flow.Value = null;
        }

        Volatile.Write(ref users, 0);
    }

    /// <summary>Ends what was begun.</summary>
    internal readonly struct Use : IDisposable
    {
        private readonly ParameterGate? gate;
        private readonly bool changes;
        private readonly Use[]? all;

        public Use(ParameterGate gate, bool changes)
        {
            this.gate = gate;
            this.changes = changes;
        }

        /// <summary>Several that end together.</summary>
        public Use(Use[] all) => this.all = all;

        public void Dispose()
        {
            foreach (Use use in all ?? [])
            {
                use.Dispose();
            }

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
