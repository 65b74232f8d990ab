namespace Recurrent.Selection;

/// <summary>Runs trials on the threads of this process.</summary>
internal sealed class ThreadRunner : ITrialRunner
{
    public int Workers => Environment.ProcessorCount;

    public bool WritesLog => true;

    public void Run(int count, int workers, Func<int, TrialOutcome> trial, Func<int, TrialOutcome, bool> done)
    {
        var run = new Batch(trial, done);
        Numerics.Workers.Run(count, workers, run, static (batch, i) => batch.One(i));
    }

    private sealed class Batch(Func<int, TrialOutcome> trial, Func<int, TrialOutcome, bool> done)
    {
        private readonly Lock gate = new();
        private volatile bool ended;

        public void One(int place)
        {
            if (ended)
            {
                return;
            }

            try
            {
                TrialOutcome outcome = trial(place);
                lock (gate)
                {
                    ended |= !done(place, outcome);
                }
            }
            catch
            {
                // Whoever runs the search hears of it; the trials that wait are not begun.
                ended = true;
                throw;
            }
        }
    }
}
