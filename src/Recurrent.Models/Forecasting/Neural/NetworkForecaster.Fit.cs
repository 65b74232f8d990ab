using Recurrent.Data;
using Recurrent.Models;
using Recurrent.Optimizers;

namespace Recurrent.Forecasting;

/// <content>The fit: one or two rounds of training, with the errors measured between them.</content>
public abstract partial class NetworkForecaster
{
    /// <summary>Total of windows below which several networks are soon trained.</summary>
    private const int FewForOne = 1000;

    /// <inheritdoc/>
    protected override void FitCore(FitData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        NetworkPanel panel = NetworkPanel.Of(this, data);
        FitRounds rounds = RoundsFor(panel);
        var trainer = new NetworkTrainer(Training, data.Run, rounds.Trainings);

        // The first round is trained without the windows that are kept back, and its series are scaled without them.
        NetworkSeries[] series = panel.Encode(panel.ValidationSteps);
        bool anyMissing = series.Any(one => one.HasMissing);
        NetworkWindows rest = Windows(panel.TrainingRanges(Training.Stride));
        NetworkWindows held = Windows(panel.ValidationRanges());
        NetworkSchedule schedule = ScheduleFor(rest);
        WindowData? validation = panel.KeptBack == KeptBack.ForStopping ? DataOf(held, anyMissing) : null;
        var networks = new Model[rounds.First];
        var epochs = new int[rounds.First];
        for (int member = 0; member < rounds.First; member++)
        {
            networks[member] = Compiled(panel.Sizes, member);
            epochs[member] = trainer.Train(
                networks[member], DataOf(rest, anyMissing), rest, validation, schedule, rounds.NameOfFirst);
            Compile(networks[member], panel.Sizes);
        }

        (ResidualSpread spread, double dependence) = MeasuresErrors
            ? MeasureErrors(networks, held.Count > 0 ? held : rest, data.Run)
            : (ResidualSpread.Of(panel.Sizes.Horizon, rest.Groups, []), 0);
        NetworkIntervals? intervals = MeasureIntervals(Fit(), panel, data.Run);

        // The second one is trained on all windows. What only measured gives way to it, however late it is.
        bool measuredOnly = panel.KeptBack == KeptBack.ForMeasuring;
        if (rounds.Second > 0 && (measuredOnly || !trainer.IsOver))
        {
            series = panel.Encode([]);
            NetworkWindows all = Windows(panel.AllRanges(Training.Stride));
            NetworkSchedule scheduleOfAll = ScheduleFor(all);
            var fresh = new List<Model>();
            do
            {
                int member = fresh.Count;
                fresh.Add(Compiled(panel.Sizes, member));
                trainer.Train(fresh[member], DataOf(all, anyMissing), all, validation: null,
                    measuredOnly ? scheduleOfAll : schedule with { Epochs = epochs[member] }, rounds.NameOfSecond);
                Compile(fresh[member], panel.Sizes);
            }
            while (fresh.Count < rounds.Second && !trainer.IsOver);
            networks = measuredOnly ? [.. fresh] : [.. fresh, .. networks[fresh.Count..]];
        }

        fit = Fit() with { Intervals = intervals };
        trainings = trainer.Curves;

        NetworkWindows Windows(WindowRange[] ranges) => new(
            series, ranges, panel.Sizes, Training.WindowsPerEpoch ?? WindowsFor(panel.Sizes));

        NetworkFit Fit() => new(networks, panel.Sizes, panel.Encoding, [.. series.Select(one => one.Scales)],
            [.. series.Select(one => one.Attributes)], [.. panel.Values.Select(values => values.Last(TailOf(panel.Sizes)))],
            spread, dependence);
    }

    /// <inheritdoc/>
    protected override void UpdateCore(FitData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        SeriesValues[] tails = [.. fit!.Tails];
        foreach (TimeSeries newer in data.Panel)
        {
            if (ProblemOf(newer, data.Targets) is { } problem)
            {
                throw new ArgumentException($"Series '{newer.Name}': {problem}");
            }

            int place = Array.FindIndex(tails, tail => tail.Name == newer.Name);
            tails[place] = tails[place].Followed(SeriesValues.Of(newer, data.Roles)).Last(TailOf(fit.Sizes));
        }

        fit = fit with { Tails = tails };
    }

    /// <summary>Which value of a series the network has no place for; null where it has one for all.</summary>
    internal string? ProblemOf(TimeSeries series, IReadOnlyList<string> targets) => targets
        .Select(target => ValueCheck.Problem(
            series.Variable(target), Refuse, t => ValueCheck.Row(series.Offset + t, series.Dates?[t], target)))
        .FirstOrDefault(problem => problem is not null);

    /// <summary>Why a value cannot be forecast from, and what to do; null where it can.</summary>
    internal virtual string? Refuse(double value) => null;

    /// <summary>How many networks are trained in which round.</summary>
    private FitRounds RoundsFor(NetworkPanel panel)
    {
        int members = Training.Members ?? (panel.Windows < FewForOne ? Defaults.MembersOfFew : null) ?? Defaults.Members;

        // Where nothing is said, networks are trained again on everything if an epoch takes all windows.
        bool again = Training.Retrain ?? panel.Windows <= WindowsFor(panel.Sizes);
        return panel.KeptBack switch
        {
            KeptBack.ForMeasuring => new(First: 1, Second: members, "training to be measured", "training"),
            KeptBack.ForStopping => new(First: members, Second: again ? members : 0, "training", "training on all"),
            _ => new(First: members, Second: 0, "training", string.Empty),
        };
    }

    private NetworkSchedule ScheduleFor(NetworkWindows windows) => NetworkSchedule.For(
        Training, Defaults, windows.Count, UpdatesFor(windows.Sizes), BatchFor(windows), StopsEarly(windows.Sizes));

    private Model Compiled(NetworkSizes sizes, int member)
    {
        Model network = CreateNetwork(sizes with { Seed = Training.Seed + member });
        Compile(network, sizes);
        return network;
    }

    /// <summary>Compiles a network: before it is trained, and once more after it, which lets go of what training holds, several
    /// times the weights.</summary>
    private void Compile(Model network, NetworkSizes sizes) => network.Compile(
        new Adam(Training.LearningRate ?? Defaults.LearningRate, globalClipNorm: Training.ClipNorm), CreateLoss(sizes));

    private WindowData DataOf(NetworkWindows windows, bool anyMissing) =>
        new(ModelInputs(windows), TargetsOf(windows), WeightsOf(windows, anyMissing));

    private ModelData ModelInputs(NetworkWindows windows)
    {
        IReadOnlyList<LazyArray> inputs = InputsOf(windows);
        return inputs.Count == 1 ? inputs[0] : inputs.Select(input => (ModelData)input).ToArray();
    }

    /// <summary>The rounds in which networks are trained.</summary>
    /// <param name="First">Networks that are trained without the windows that are kept back.</param>
    /// <param name="Second">Networks that are trained on all windows then, and take the place of the first; 0 for none.</param>
    /// <param name="NameOfFirst">What the first round is called, for whoever looks on.</param>
    /// <param name="NameOfSecond">What the second round is called.</param>
    private sealed record FitRounds(int First, int Second, string NameOfFirst, string NameOfSecond)
    {
        /// <summary>Number of trainings, among which the budget of time is shared.</summary>
        public int Trainings => First + Second;
    }
}
