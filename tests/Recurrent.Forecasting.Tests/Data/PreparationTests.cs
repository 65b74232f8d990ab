using Recurrent.Data;

namespace Recurrent.Tests.Data;

/// <summary>What holds of every preparation: it is undone exactly, learns nothing from what is held out, and is itself after it
/// has been written and read.</summary>
[TestFixture]
public sealed class PreparationTests
{
    private const int Count = 96;
    private const int Ahead = 30;

    private static IEnumerable<TestCaseData> All() => new (string Name, Func<Preparation> Make)[]
    {
        ("standard", () => new StandardScaling()),
        ("standard of one variable", () => new StandardScaling(["load"])),
        ("min-max", () => new MinMaxScaling(-1, 1)),
        ("robust", () => new RobustScaling()),
        ("log", () => new LogScaling(0.5)),
        ("Box-Cox by Guerrero", () => new BoxCoxScaling()),
        ("Box-Cox by likelihood", () => new BoxCoxScaling(method: BoxCoxScaling.MaximumLikelihood)),
        ("Box-Cox of -0.5", () => new BoxCoxScaling(-0.5)),
        ("difference", () => new Difference()),
        ("second difference", () => new Difference(1, 2)),
        ("difference of lag 3", () => new Difference(3, 2)),
        ("seasonal difference", () => new SeasonalDifference()),
        ("trend", () => new Detrend()),
        ("trend of pieces", () => new Detrend(4)),
        ("season", () => new SeasonalAdjustment()),
        ("changing season", () => new SeasonalAdjustment([12], 7, robust: true)),
        ("two seasons", () => new SeasonalAdjustment([4, 12])),
        ("outliers", () => new OutlierClipping()),
        ("all at once", () => new PreparationPipeline(
            new OutlierClipping(), new LogScaling(), new SeasonalAdjustment(), new Difference(), new StandardScaling())),
        ("nothing", () => new PreparationPipeline()),
    }.Select(one => new TestCaseData(one.Make).SetArgDisplayNames(one.Name));

    [TestCaseSource(nameof(All))]
    public void Inverse_undoes_transform_of_history_and_future(Func<Preparation> make)
    {
        (TimeSeries training, TimeSeries heldOut) = Series().HoldOut(Ahead);
        Preparation preparation = make();
        TimeSeries prepared = preparation.FitTransform(training);
        TimeSeries ahead = preparation.Transform(heldOut);
        Assert.Multiple(() =>
        {
            Close(preparation.Inverse(prepared), training);
            Close(preparation.Inverse(ahead), heldOut);
            Assert.That(ahead.HasMissing, Is.False, "what follows the history has the history before it");
            foreach (string variable in training.Variables)
            {
                var values = new ValuesAhead(
                    ahead.Variable(variable).ToArray(), [ahead.Variable(variable).ToArray()], variable, training.Name);
                ValuesAhead back = preparation.Inverse(values);
                Assert.That(back.Point, Is.EqualTo(heldOut.Variable(variable).ToArray()).Within(1e-8));
                Assert.That(back.Quantiles[0], Is.EqualTo(back.Point).Within(1e-8));
            }
        });
    }

    [TestCaseSource(nameof(All))]
    public void Missing_values_stay_missing_and_nothing_else_is_lost(Func<Preparation> make)
    {
        TimeSeries whole = Series();
        double[] gaps = whole.Variable("load").ToArray();
        foreach (int place in (int[])[5, 20, 21, 40, Count - Ahead - 1])
        {
            gaps[place] = double.NaN;
        }

        TimeSeries training = whole.With("load", gaps).HoldOut(Ahead).Training;
        Preparation preparation = make();
        TimeSeries prepared = preparation.FitTransform(training);
        Assert.Multiple(() =>
        {
            Assert.That(double.IsNaN(prepared.Variable("load")[40]), Is.True);
            Close(preparation.Inverse(prepared), training);
            Assert.That(preparation.Inverse(new ValuesAhead(new double[5], "load")).Point, Has.None.NaN);
        });
    }

    [TestCaseSource(nameof(All))]
    public void What_is_held_out_changes_nothing_that_is_learnt(Func<Preparation> make)
    {
        TimeSeries whole = Series();
        TimeSeries other = whole.With(
            "load", [.. whole.Variable("load").ToArray().Select((value, i) => i < Count - Ahead ? value : 1000 - value)]);
        (Preparation one, Preparation two) = (make(), make());
        one.Fit(whole.HoldOut(Ahead).Training);
        two.Fit(other.HoldOut(Ahead).Training);
        Assert.That(ConfigText.Of(one), Is.EqualTo(ConfigText.Of(two)));
    }

    [TestCaseSource(nameof(All))]
    public void A_copy_has_learnt_the_same(Func<Preparation> make)
    {
        (TimeSeries training, TimeSeries heldOut) = Series().HoldOut(Ahead);
        Preparation preparation = make();
        preparation.Fit(training);
        Preparation copy = preparation.Copy();
        Assert.Multiple(() =>
        {
            Assert.That(ConfigText.Of(copy), Is.EqualTo(ConfigText.Of(preparation)));
            Same(copy.Transform(training), preparation.Transform(training));
            Same(copy.Inverse(copy.Transform(heldOut)), preparation.Inverse(preparation.Transform(heldOut)));
        });
    }

    [TestCaseSource(nameof(All))]
    public void History_goes_on(Func<Preparation> make)
    {
        TimeSeries whole = Series();
        Preparation preparation = make();
        preparation.Fit(whole.Slice(0, 60));
        preparation.Follow(whole.Slice(60, 7));
        TimeSeries next = whole.Slice(67, 9);
        TimeSeries prepared = preparation.Transform(next);
        Assert.Multiple(() =>
        {
            Close(preparation.Inverse(prepared), next);
            Assert.That(
                preparation.Inverse(new ValuesAhead(prepared.Values.ToArray(), "load")).Point,
                Is.EqualTo(next.Values.ToArray()).Within(1e-8));
        });
    }

    [TestCaseSource(nameof(All))]
    public void Series_of_a_panel_are_prepared_each_for_itself(Func<Preparation> make)
    {
        TimeSeries one = Series();
        TimeSeries two = one.With("load", [.. one.Values.ToArray().Select(value => (3 * value) + 8)]).Rename("two");
        SeriesPanel training = new SeriesPanel([one, two]).HoldOut(Ahead).Training;
        Preparation panel = make();
        Preparation alone = make();
        SeriesPanel prepared = panel.FitTransform(training);
        Same(prepared["two"], alone.FitTransform(training["two"]));
    }

    [TestCase("standard")]
    [TestCase("seasonal_adjustment")]
    public void Names_make_preparations(string name)
    {
        Preparation preparation = Preparation.Registry.Create(name);
        Assert.That(() => preparation.Transform(Series()), Throws.InvalidOperationException.With.Message.Contains("Call Fit"));
    }

    private static TimeSeries Series()
    {
        var random = new System.Random(11);
        double[] load =
        [
            .. Enumerable.Range(0, Count)
                .Select(t => 40 + (0.3 * t) + (8 * Math.Sin(t * Math.PI / 6)) + (4 * random.NextDouble())),
        ];
        load[30] += 60;
        double[] price = [.. Enumerable.Range(0, Count).Select(t => 5 + Math.Cos(t * Math.PI / 2) + random.NextDouble())];
        return new TimeSeries("load", load, new DateTime(2015, 1, 1), Frequency.Monthly).With("price", price);
    }

    private static void Close(TimeSeries actual, TimeSeries expected)
    {
        Assert.That(actual.Variables, Is.EqualTo(expected.Variables));
        foreach (string variable in expected.Variables)
        {
            Assert.That(actual.Variable(variable).ToArray(), Is.EqualTo(expected.Variable(variable).ToArray()).Within(1e-8));
        }
    }

    private static void Same(TimeSeries actual, TimeSeries expected)
    {
        foreach (string variable in expected.Variables)
        {
            Assert.That(actual.Variable(variable).ToArray(), Is.EqualTo(expected.Variable(variable).ToArray()));
        }
    }
}
