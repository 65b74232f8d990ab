using Recurrent.Learning.Tasks;

namespace Recurrent.Learning;

/// <summary>The tasks by name. Some read files, so each is made when it is asked for.</summary>
public static class TaskList
{
    /// <summary>Name and maker of each task.</summary>
    public static IReadOnlyList<(string Name, Func<LearningTask> Create)> All { get; } =
    [
        ("adding50", () => new AddingTask(50, 2500)),
        ("adding100", () => new AddingTask(100, 3500)),
        ("adding200", () => new AddingTask(200, 5000)),
        ("parity", () => new ParityTask()),
        ("order60", () => new OrderTask()),
        ("reber", () => new ReberTask()),
        ("mackey", () => new MackeyTask()),
        ("copy5x20", () => new CopyTask(5, 20)),
        ("japanese_vowels", () => new VowelsTask()),
        ("tiny_shakespeare", () => new ShakespeareTask()),
        ("tiny_shakespeare_cosine", () => new LanguageTask()),
        ("reverse", () => new ReverseTask()),
        ("addition", () => new AdditionTask()),
        ("dates", () => new DatesTask()),
        ("pronunciation", () => new PronunciationTask()),
        ("translation", () => new TranslationTask()),
        ("languages", () => new LanguagesTask()),
        ("tagging", () => new TaggingTask()),
        ("digits", () => new DigitsTask()),
    ];
}
