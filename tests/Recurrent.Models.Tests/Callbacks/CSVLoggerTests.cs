using System.Globalization;
using Recurrent.Callbacks;

namespace Recurrent.Tests.Callbacks;

[TestFixture]
public sealed class CSVLoggerTests
{
    private string path = null!;

    [SetUp]
    public void ChoosePath() => path = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"{Guid.NewGuid():N}.csv");

    [TearDown]
    public void Clean() => File.Delete(path);

    [Test]
    [SetCulture("de-DE")]
    public void Its_content_is_exact_in_every_culture()
    {
        Assert.That(1.5.ToString(CultureInfo.CurrentCulture), Is.EqualTo("1,5"));
        Script.Play(
            new CSVLogger(path), Script.Run(),
            Script.Logs(("loss", 0.1), ("val_loss", 1234.5)), Script.Logs(("loss", -1e-10), ("val_loss", 1.0 / 3)));
        Assert.That(File.ReadAllText(path), Is.EqualTo("epoch,loss,val_loss\n0,0.1,1234.5\n1,-1E-10,0.3333333333333333\n"));
    }

    [Test]
    public void The_columns_are_those_of_the_first_epoch()
    {
        Script.Play(
            new CSVLogger(path, ';'), Script.Run(names: ["loss", "mae", "val_loss"]),
            Script.Logs(("loss", 1), ("mae", 2), ("val_loss", 3), ("custom", 4)),
            Script.Logs(("loss", double.NaN), ("mae", 6), ("late", 7)));
        Assert.That(File.ReadAllText(path), Is.EqualTo("epoch;custom;loss;mae;val_loss\n0;4;1;2;3\n1;NA;NaN;6;NA\n"));
    }

    [Test]
    public void A_run_that_breaks_off_keeps_its_lines()
    {
        var callback = new CSVLogger(path);
        TrainingRun run = Script.Run();
        callback.Check(run);
        callback.OnTrainBegin(run);
        run.EndEpoch([callback], 0, Script.Logs(("loss", 1), ("val_loss", 2)));

        // Nothing is closed here: what a crash would leave.
        Assert.That(Read(), Is.EqualTo("epoch,loss,val_loss\n0,1,2\n"));
        callback.OnTrainEnd(run);
    }

    [Test]
    public void A_new_run_starts_the_file_anew_or_appends()
    {
        Script.Play(new CSVLogger(path), Script.Run(), "loss", 1);
        var callback = new CSVLogger(path);
        Script.Play(callback, Script.Run(names: "loss"), "loss", 2);
        Assert.That(File.ReadAllText(path), Is.EqualTo("epoch,loss\n0,2\n"));
        Script.Play(callback, Script.Run(names: "loss"), "loss", 3);
        Assert.That(File.ReadAllText(path), Is.EqualTo("epoch,loss\n0,3\n"));
        Script.Play(new CSVLogger(path, append: true), Script.Run(names: "loss"), "loss", 4, 5);
        Assert.That(File.ReadAllText(path), Is.EqualTo("epoch,loss\n0,3\n0,4\n1,5\n"));
    }

    [Test]
    public void Lines_are_not_appended_to_other_columns()
    {
        Script.Play(new CSVLogger(path), Script.Run(names: "loss"), "loss", 1);
        Assert.That(
            () => new CSVLogger(path, append: true).Check(Script.Run(names: ["loss", "mae"])),
            Throws.ArgumentException.With.Message.EqualTo(
                $"CSVLogger is to append to '{path}', which has the columns epoch, loss, but none for mae. Give another file, "
                + "or append: false."));
        Assert.That(File.ReadAllText(path), Is.EqualTo("epoch,loss\n0,1\n"));
    }

    [Test]
    public void All_options_that_are_wrong_are_named_together() => Assert.That(
        () => new CSVLogger("", '.'),
        Throws.ArgumentException.With.Message.EqualTo(
            "CSVLogger: path must not be blank; separator must be an ASCII character that neither numbers nor names have, "
            + "but is '.'."));

    private string Read()
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }
}
