using Recurrent.Callbacks;
using Recurrent.Optimizers;

namespace Recurrent.Text.Tests;

/// <summary>Trainings of language models that end and go on: in another call of <c>Fit</c>, or from a backup.</summary>
[TestFixture]
public sealed class LanguageModelRunTests
{
    private static readonly string Text = string.Concat(Enumerable.Range(0, 400).Select(i => "abcdefgh"[(i * i) % 11 % 8]));
    private static readonly CharacterTokenizer Letters = CharacterTokenizer.Learn([Text], SpecialTokens.None);

    private string root = null!;

    [SetUp]
    public void SetUp() => root = Directory.CreateTempSubdirectory("recurrent-language-").FullName;

    [TearDown]
    public void TearDown() => Directory.Delete(root, recursive: true);

    [Test]
    public void Calls_of_Fit_follow_one_another_without_a_seam([Values] bool carried)
    {
        LanguageModel once = Create();
        Fit(once, 3, carried);
        LanguageModel often = Create();
        for (int epoch = 0; epoch < 3; epoch++)
        {
            Fit(often, 1, carried);
        }

        Assert.That(Weights(often), Is.EqualTo(Weights(once)));
    }

    [Test]
    public void Every_epoch_has_windows_of_its_own()
    {
        var windows = new TextWindows(Letters.Encode(Text), 8, 10, carried: false, seed: 3);
        var seen = new List<string>();
        for (int update = 0; update < 12; update++)
        {
            windows.Prepare(new[] { 0, 1, 2, 3, 4, 5, 6, 7 }, update);
            seen.Add(string.Join(' ', windows.X.Values[..80]));
        }

        Assert.That(seen, Is.Unique);
    }

    [Test]
    public void A_run_that_broke_off_goes_on_to_the_bit([Values] bool carried, [Values(2, 6)] int brokenAt)
    {
        // Pieces that are read side by side are one batch of an epoch.
        brokenAt = carried ? Math.Max(2, brokenAt / 2) : brokenAt;
        LanguageModel whole = Create();
        Fit(whole, 3, carried, Backup("whole"), Breaking(null));
        Assert.That(() => Fit(Create(), 3, carried, Backup("broken"), Breaking(brokenAt)),
            Throws.TypeOf<NotSupportedException>());
        LanguageModel resumed = Create();
        BackupAndRestore backup = Backup("broken");
        Fit(resumed, 3, carried, backup, Breaking(null));
        Assert.That(backup.RestoredEpoch, Is.Not.Null);
        Assert.That(Weights(resumed), Is.EqualTo(Weights(whole)));
    }

    private static LanguageModel Create()
    {
        LanguageModel model = LanguageModel.Recurrent(Letters, 9, embeddingDim: 5, dropout: 0.1, seed: 6);
        model.Compile(new Adam(0.02));
        return model;
    }

    private static void Fit(LanguageModel model, int epochs, bool carried, params Callback[] callbacks) =>
        model.Fit(Text, epochs, batchSize: 8, steps: 12, carried, verbose: 0, callbacks: callbacks);

    private static Real[] Weights(LanguageModel model) => [.. model.Model.GetWeights().SelectMany(weight => weight.Values)];

    private static LambdaCallback Breaking(int? at)
    {
        int seen = 0;
        return new(onBatchEnd: (_, _, _) =>
        {
            if (++seen == at)
            {
                throw new NotSupportedException("The machine went down.");
            }
        });
    }

    private BackupAndRestore Backup(string name) => new(Path.Combine(root, name), saveFreq: "batch");
}
